import { expect } from "chai";
import pc from "picocolors";
import { plainLines } from "../../../orchestrator/cli/plain-lines.ts";
import type { Progress } from "../../../orchestrator/promotion/progress.ts";
import { type FakeScreen, fakeScreen } from "../../fakes/screen.ts";
import { type World, world } from "../../fakes/world.ts";

describe("progress in plain lines", () => {
  let w: World;
  let log: FakeScreen;
  let tell: (progress: Progress) => void;

  beforeEach(() => {
    w = world({ bake: 300_000 });
    log = fakeScreen();
    tell = plainLines(log, pc.createColors(false), w.clock.monotonic);
  });

  const lines = () => log.written().trimEnd().split("\n");
  const of = (step: string) =>
    lines()
      .map((line) => line.trim().replaceAll(/\s+/g, " "))
      .filter((line) => line.split(" ")[1] === step);

  it("are one for each step, one for each move of the traffic, and a sign of life every 30 s", async () => {
    await w.settled();
    const sha = await w.release("second");
    await w.promote(sha, { tell });
    expect(lines()[0]).to.match(/^promotion-\d+: trial ← [0-9a-f]{7}$/);
    expect(of("canary")).to.have.length(1);
    expect(of("shift").slice(0, 2)).to.deep.equal([
      `· shift 10 % on ${sha.slice(0, 7)} (dashboard 2, ingestion 2)`,
      "· shift 30.0 s to go; alarms: 2 OK; probes: new 2 good, old 1 good, URL 1 good; undecided: noise and harm are as likely",
    ]);
    expect(of("shift").at(-1)).to.equal("✓ shift 30.0 s 100 % on the new release");
    const signs = of("watch").map((line) => line.slice(0, 13).trim());
    expect(signs).to.have.length(12);
    expect(of("watch")[1]).to.contain("4 m 30 s to go").and.to.contain("new 32 good, old 16 good");
    expect(of("finish")).to.have.length(1);
    expect(log.written()).not.to.contain("\x1b");
  });

  it("say at once what changes, and not again what stays", async () => {
    const first = await w.settled();
    const sha = await w.release("second");
    const shifted = { done: false };
    const hear = (progress: Progress) => {
      if (progress.type === "step-started" && progress.step === "watch" && !shifted.done) {
        shifted.done = true;
        w.clock.after(11_000, () => w.alarms.set("trial-dashboard-errors", { state: "INSUFFICIENT_DATA" }));
        w.clock.after(15_000, () => w.alarms.set("trial-dashboard-errors", { state: "OK" }));
        w.clock.after(21_000, () => w.alarms.fire("trial-ingestion-errors"));
      }
      tell(progress);
    };
    await w.promote(sha, { tell: hear });
    const alarms = of("watch").map((line) => /alarms: (.*?); probes/.exec(line)?.[1]);
    expect(alarms).to.deep.equal([
      "2 OK",
      "1 OK, 1 without data (trial-dashboard-errors)",
      "2 OK",
      "1 OK, 1 firing (trial-ingestion-errors)",
      undefined,
    ]);
    expect(of("rollback")[0]).to.equal(`· rollback 100 % on ${first.slice(0, 7)} (dashboard 1, ingestion 1)`);
  });

  it("say of a canary only what goes wrong", async () => {
    await w.settled();
    const sha = await w.release("second");
    w.probes.answer((asked) => (asked.sha === sha ? { ok: false, status: 500 } : undefined));
    await w.promote(sha, { tell });
    expect(of("canary")[0]).to.match(
      /^· canary probes: new 0 good 1 bad, old 1 good; undecided: harm is 5.0/,
    );
    expect(of("canary").at(-1)).to.contain("✗ canary");
  });

  it("pass over what they do not know", () => {
    tell({ type: "of a newer version", step: "drill" } as unknown as Progress);
    tell({ type: "step-finished", step: "drill", outcome: "passed", ms: 5, text: "there and back" });
    expect(lines()).to.deep.equal(["  ✓ drill         5 ms  there and back"]);
  });
});
