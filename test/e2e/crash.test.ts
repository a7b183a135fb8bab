import { expect } from "chai";
import { race } from "./crash/contention.ts";
import type { Ground } from "./crash/ground.ts";
import type { Result } from "./crash/play.ts";
import type { Point } from "./crash/points.ts";
import { disturbed } from "./crash/shared.ts";
import { STORIES, type Stage } from "./crash/stories.ts";
import { playAll } from "./crash/tour.ts";

/** One death of each kind; `npm run crash` plays all of them, a quarter of an hour or more. */
const DEATHS: [string, Point][] = [
  ["forward", { call: "engine.up", nth: 1, when: { resources: 2, machine: true } }],
  ["forward", { call: "traffic.route sentiment-dashboard", nth: 2, when: "after" }],
  ["forward", { call: "ledger.append promotion-ended", nth: 1, when: "before" }],
  ["back", { call: "traffic.route sentiment-canary", nth: 2, when: "before" }],
  ["back", { call: "engine.up", nth: 2, when: { resources: 1 } }],
  ["asked", { call: "ledger.append traffic-restored", nth: 1, when: "before" }],
];

describe("processes that are killed, and processes that all want the same", function () {
  this.timeout(400_000);
  let ground: Ground;
  let stages: Stage[];

  before(async function () {
    this.timeout(900_000); // a fresh machine builds the engine first
    ({ ground, stages } = await disturbed());
  });

  it("of many at once one has its way, in each environment, and the others are told who, within 2 s", async () => {
    const races = await race(ground, stages, 8);
    for (const { env, winners, slowestRefusalMs, objections } of races) {
      expect(objections, env).to.deep.equal([]);
      expect(winners, env).to.equal(1);
      process.stdout.write(`      (${env}: the last of 7 was refused after ${slowestRefusalMs} ms)\n`);
    }
    for (const stage of stages) [stage.running, stage.spare] = [stage.spare, stage.running];
  });

  it("wherever one dies, the next run puts everything in order", async () => {
    const turns = DEATHS.map(([name, point]) => {
      const story = STORIES.find((each) => each.name === name);
      if (!story) throw new Error(`there is no story ${name}`);
      return { story, point };
    });
    const results: Result[] = [];
    const hear = (result: Result) => void results.push(result);
    await Promise.all(stages.map((stage) => playAll(ground, stage, () => turns.shift(), hear)));
    expect(results).to.have.length(DEATHS.length);
    const astray = results.filter(({ objections }) => objections.length > 0);
    expect(astray.map(({ story, point, objections }) => ({ story, point, objections }))).to.deep.equal([]);
  });
});
