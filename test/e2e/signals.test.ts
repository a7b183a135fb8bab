import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { openPromotions } from "../../orchestrator/promotion/history.ts";
import { type Ended, type Running, start } from "./command.ts";
import type { Ground } from "./crash/ground.ts";
import { look } from "./crash/look.ts";
import { disturbed } from "./crash/shared.ts";
import type { Stage } from "./crash/stories.ts";
import { leftAfter } from "./processes.ts";
import { about, isTool } from "./promotions.ts";

const LONG = ["--bake", "60s", "--strategy", "canary:20%/60s"];
const AT_ONCE = ["--bake", "60s", "--strategy", "all-at-once"];

type Moment = {
  step: string;
  name: NodeJS.Signals;
  more?: string[];
  /** What it is at when it is told, where that is later than the beginning of the step. */
  says?: RegExp;
  code: number;
  /** The next command, as the reason names it: it goes on, or back. */
  next?: "go on" | "go back";
};

/**
 * Every step that changes something, and one that does not. The longest are the ones that matter: an update waits for
 * AWS, a watch for evidence, and neither may keep whoever wants the end waiting.
 */
const MOMENTS: Moment[] = [
  { step: "stage", name: "SIGINT", code: 3 },
  { step: "preview", name: "SIGTERM", code: 3 },
  { step: "up", name: "SIGTERM", code: 5, next: "go back" },
  { step: "canary", name: "SIGINT", code: 5 },
  { step: "shift", name: "SIGINT", says: /"weight":0\.2\b/, code: 5 },
  { step: "watch", name: "SIGTERM", more: AT_ONCE, code: 5, next: "go on" },
];

/** What issue 6 asks for: from the signal to the end in the ledger. */
const CLOSED_WITHIN_MS = 5_000;

describe("a promotion that is told to stop", function () {
  this.timeout(240_000);
  let ground: Ground;
  let stage: Stage;
  let sha: string;

  before(async function () {
    this.timeout(900_000); // a fresh machine builds the engine first
    const { ground: raised, stages } = await disturbed();
    ground = raised;
    stage = stages[0] as Stage;
    sha = await ground.another();
  });

  function promoting(release: string, more: string[], env: NodeJS.ProcessEnv = {}): Running {
    const command = ["promote", "--env", stage.env, "--sha", release, "--local", "--json", "--wait", "60s"];
    return start(ground.checkout, [...command, ...more], env);
  }

  const begins = (running: Running, step: string) =>
    running.says(new RegExp(`"step-started","step":"${step}"`));
  const seen = () => look(ground.checkout.root, stage.env, ground.access);

  /** All traffic of all functions on what ran before. */
  async function isSafe(): Promise<void> {
    const { functions, answers } = await seen();
    expect(answers).to.equal(stage.running);
    for (const [name, { weights }] of Object.entries(functions))
      expect(Object.values(weights), name).to.include(1);
  }

  /** The ledger says how it ended, nobody holds the lease, and no process is left. */
  async function isClosed(): Promise<void> {
    const { entries, lease } = await seen();
    expect(openPromotions(entries)).to.deep.equal([]);
    expect(lease).to.equal(undefined);
    expect(await leftAfter(ground.checkout.mark, 5_000, isTool)).to.deep.equal([]);
  }

  /** And the stack is nobody's any more, with nothing left undecided. */
  async function isOver(): Promise<void> {
    await isClosed();
    const { locks, pending } = await seen();
    expect({ locks, pending }).to.deep.equal({ locks: [], pending: 0 });
  }

  /** Tells a command to stop, and waits for its end, which must be in the ledger in time. */
  async function stopped(running: Running, name: NodeJS.Signals): Promise<Ended> {
    const told = Date.now();
    running.kill(name);
    const ended = await running.ended;
    const { entries } = await seen();
    const end = entries.findLast(({ event }) => event.type === "promotion-ended");
    const ms = Date.parse(end?.at ?? "") - told;
    process.stdout.write(`      (its end was recorded ${ms} ms after the signal)\n`);
    expect(ms, ended.err).to.be.within(0, CLOSED_WITHIN_MS);
    return ended;
  }

  const back = (to: string): Running =>
    start(ground.checkout, [
      ...["rollback", "--env", stage.env, "--to", to, "--reason", "it was stopped"],
      ...["--local", "--json", "--wait", "60s"],
    ]);

  /** The next command puts everything in order, in one run. */
  async function follows(way: Moment["next"]): Promise<void> {
    const next = await (way === "go on" ? promoting(sha, []) : back(stage.running)).ended;
    expect(next.code, next.err).to.equal(0);
    if (way === "go on") [stage.running, stage.spare] = [sha, stage.running];
    await isSafe();
    await isOver();
  }

  for (const { step, name, more = LONG, says, code, next } of MOMENTS)
    it(`by ${name} during ${step}: it ends within 5 s with all traffic where it was${next ? `, and the next command can ${next}` : ""}`, async () => {
      const running = promoting(sha, more);
      await begins(running, step);
      if (says) await running.says(says);
      if (step === "up") await delay(2_000); // the engine is at it by then
      const ended = await stopped(running, name);
      expect(ended.code, ended.err).to.equal(code);
      const { reason } = about(ended);
      expect(reason?.code).to.equal(code === 3 ? "interrupted" : "stopped-midway");
      await isSafe();
      await isClosed();
      if (code === 5) {
        expect(reason?.message).to.contain(`all of it on ${stage.running}, proved`).and.to.contain(sha);
        expect(reason?.remedy).to.contain(`npm run promote -- --env ${stage.env} --sha ${sha}`);
        expect(reason?.remedy).to.contain(`npm run rollback -- --env ${stage.env} --to ${stage.running}`);
      }
      if (next) await follows(next);
    });

  it("by SIGINT during validate: its tests end with it, within 5 s", async () => {
    sha = await ground.another();
    const running = promoting(sha, ["--bake", "1s"], { REHEARSAL_DIR: ground.validating });
    await begins(running, "validate");
    await delay(1_000);
    const ended = await stopped(running, "SIGINT");
    expect(ended.code, ended.err).to.equal(5);
    await isSafe();
    await isClosed();
    expect(
      await leftAfter(ground.checkout.mark, 1_000, ({ command }) => /mocha/.test(command)),
    ).to.deep.equal([]);
  });

  it("by SIGTERM during finish: it finishes, within 5 s", async () => {
    const running = promoting(sha, ["--bake", "1s", "--strategy", "all-at-once"]);
    await begins(running, "finish");
    const ended = await stopped(running, "SIGTERM");
    expect(ended.code, ended.err).to.equal(0);
    [stage.running, stage.spare] = [sha, stage.running];
    await isSafe();
    await isOver();
  });

  it("by SIGTERM while it takes the environment back: the traffic is, and the stack is left to the next command", async () => {
    const running = promoting(await ground.bad(), ["--strategy", "all-at-once"]);
    await running.says(/traffic back on/);
    const ended = await stopped(running, "SIGTERM");
    expect(ended.code, ended.err).to.equal(5);
    expect(about(ended).reason).to.include({ code: "stopped-midway" });
    await isSafe();
    await isClosed();
    await follows("go back");
  });

  it("by SIGINT during a rollback that was asked for: the traffic is there, and the same command does the rest", async () => {
    const to = stage.spare;
    const running = back(to);
    await running.says(/traffic back on/);
    const ended = await stopped(running, "SIGINT");
    expect(ended.code, ended.err).to.equal(5);
    [stage.running, stage.spare] = [to, stage.running];
    await isSafe();
    await isClosed();
    await follows("go back");
  });

  it("by SIGINT while it clears up after one that died: it has done so, and changes nothing more", async () => {
    sha = await ground.another();
    const dead = promoting(sha, LONG);
    await begins(dead, "shift");
    await dead.says(/"weight":0\.2\b/);
    dead.kill("SIGKILL");
    await dead.ended;
    const running = promoting(sha, LONG);
    await begins(running, "recover");
    const ended = await stopped(running, "SIGINT");
    expect(ended.code, ended.err).to.equal(3);
    await isSafe();
    await isOver();
  });

  it("twice: it ends at once, and the next run puts everything in order", async () => {
    sha = await ground.another();
    const running = promoting(sha, AT_ONCE);
    await begins(running, "watch");
    running.kill("SIGTERM");
    await delay(200);
    running.kill("SIGTERM");
    const told = performance.now();
    const { code } = await running.ended;
    expect(performance.now() - told).to.be.below(1_000);
    expect(code).to.equal(143);
    const next = await promoting(sha, []).ended;
    expect(next.code, next.err).to.equal(0);
    stage.running = sha;
    await isSafe();
    await isOver();
  });
});
