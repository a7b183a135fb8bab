import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { openPromotions } from "../../orchestrator/promotion/history.ts";
import { type Running, start } from "./command.ts";
import type { Ground } from "./crash/ground.ts";
import { look } from "./crash/look.ts";
import { disturbed } from "./crash/shared.ts";
import type { Stage } from "./crash/stories.ts";
import { leftAfter } from "./processes.ts";
import { about, isTool } from "./promotions.ts";

const LONG = ["--bake", "60s", "--strategy", "canary:20%/60s"];
const AT_ONCE = ["--bake", "60s", "--strategy", "all-at-once"];

/** One moment of each kind: nothing was changed yet, the stack is being changed, traffic is shared, all of it is moved. */
const MOMENTS: { step: string; name: NodeJS.Signals; more: string[]; code: number }[] = [
  { step: "preview", name: "SIGINT", more: LONG, code: 3 },
  { step: "up", name: "SIGTERM", more: LONG, code: 4 },
  { step: "shift", name: "SIGINT", more: LONG, code: 4 },
  { step: "watch", name: "SIGTERM", more: AT_ONCE, code: 4 },
];

const SAFE_WITHIN_MS = 5_000;

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
  async function isOver(): Promise<void> {
    const { entries, lease, locks, pending } = await seen();
    expect(openPromotions(entries)).to.deep.equal([]);
    expect({ lease, locks, pending }).to.deep.equal({ lease: undefined, locks: [], pending: 0 });
    expect(await leftAfter(ground.checkout.mark, 5_000, isTool)).to.deep.equal([]);
  }

  for (const { step, name, more, code } of MOMENTS)
    it(`by ${name} during ${step}: the traffic is where it was within 5 s, and the ledger is closed`, async () => {
      const running = promoting(sha, more);
      await begins(running, step);
      if (step === "shift") await running.says(/20 % on/);
      running.kill(name);
      const told = performance.now();
      await Promise.race([running.ended, delay(SAFE_WITHIN_MS)]);
      await isSafe();
      const ended = await running.ended;
      process.stdout.write(`      (it had ended after ${Math.round(performance.now() - told)} ms)\n`);
      expect(ended.code, ended.err).to.equal(code);
      expect(about(ended).reason).to.include({ code: "interrupted" });
      await isSafe();
      await isOver();
    });

  it("by SIGINT during validate: its tests end with it", async () => {
    const running = promoting(sha, ["--bake", "1s"], { REHEARSAL_DIR: ground.validating });
    await begins(running, "validate");
    await delay(1_000);
    running.kill("SIGINT");
    const ended = await running.ended;
    expect(ended.code, ended.err).to.equal(4);
    await isSafe();
    await isOver();
    expect(
      await leftAfter(ground.checkout.mark, 1_000, ({ command }) => /mocha/.test(command)),
    ).to.deep.equal([]);
  });

  it("while it is taking the environment back: it goes on until it has", async () => {
    const running = promoting(await ground.bad(), ["--strategy", "all-at-once"]);
    await begins(running, "rollback");
    running.kill("SIGTERM");
    const ended = await running.ended;
    expect(ended.code, ended.err).to.equal(4);
    expect(about(ended).reason).to.include({ code: "unhealthy" });
    await isSafe();
    await isOver();
  });

  it("twice: it ends at once, and the next run puts everything in order", async () => {
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
