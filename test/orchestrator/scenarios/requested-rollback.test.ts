import { expect } from "chai";
import { requestedRollback } from "../../../orchestrator/promotion/course.ts";
import { quarantine } from "../../../orchestrator/promotion/history.ts";
import { run } from "../../../orchestrator/promotion/run.ts";
import { expectInOrder } from "../../fakes/invariants.ts";
import type { Call } from "../../fakes/process.ts";
import { shaNamed } from "../../fakes/release.ts";
import { type World, world } from "../../fakes/world.ts";

describe("a rollback on request", () => {
  let w: World;
  let shas: string[];

  beforeEach(async () => {
    w = world();
    shas = [];
    for (const name of ["a", "b", "c"]) {
      const sha = await w.release(name);
      await w.promote(sha);
      shas.push(sha);
    }
  });

  it("goes back to the release before, and quarantines the one it leaves", async () => {
    const [, b, c] = shas as [string, string, string];
    const conclusion = await w.rollback();
    expect(conclusion).to.include({ outcome: "promoted", reason: null });
    expect(w.share(b)).to.equal(1);
    expect(w.engine.applied()).to.equal(b);
    expect(quarantine(await w.ledger.entries(), c)).to.contain("it is wrong");
    await expectInOrder(w, conclusion);
  });

  it("goes to a named release, by the beginning of its SHA", async () => {
    const [a] = shas as [string];
    const conclusion = await w.rollback(a.slice(0, 7));
    expect(conclusion.outcome).to.equal("promoted");
    expect(w.share(a)).to.equal(1);
    await expectInOrder(w, conclusion);
  });

  it("goes no further when asked twice, as the first end may not have been heard, and says how to", async () => {
    const [a, b] = shas as [string, string];
    await w.rollback();
    const conclusion = await w.rollback();
    expect(conclusion.outcome).to.equal("refused");
    expect(conclusion.reason?.code).to.equal("rolled-back-already");
    expect(conclusion.reason?.message).to.contain(`trial was rolled back to ${b} at 2`);
    expect(conclusion.reason?.remedy).to.contain(`--to ${a} --reason`);
    expect(w.share(b)).to.equal(1);
    expect((await w.rollback(a)).outcome).to.equal("promoted");
    expect(w.share(a)).to.equal(1);
  });

  it("goes back one release, however often its process dies and is run again", async () => {
    const [, b] = shas as [string, string, string];
    const appends = (n: number) => (call: Call) =>
      call.method === "append" && call.n > n ? ("dies-after" as const) : undefined;
    for (const n of [0, 20, 25, 30, 35, 40]) {
      const order = { kind: "rollback" as const, sha: null, why: "it is wrong", waitMs: 600_000 };
      const { p, process } = w.compose(order, { befalls: appends(n) });
      await Promise.race([process.death, run(p, requestedRollback)]);
    }
    const last = await w.rollback(null, { order: { waitMs: 600_000 } });
    expect(["promoted", "refused"]).to.include(last.outcome);
    expect(w.share(b)).to.equal(1);
    expect(w.engine.applied()).to.equal(b);
  });

  it("finishes the stack when it is asked again after that did not follow", async () => {
    const [, b] = shas as [string, string, string];
    for (const sha of [null, b]) {
      w.engine.failNextUp("the role is gone");
      expect((await w.rollback(sha)).reason?.code).to.equal("stack-behind");
    }
    expect(w.share(b)).to.equal(1);
    expect((await w.rollback()).outcome).to.equal("promoted");
    expect(w.engine.applied()).to.equal(b);
  });

  it("may go to a release that was left earlier when that is named", async () => {
    const [, , c] = shas as [string, string, string];
    await w.rollback();
    expect((await w.rollback(c)).outcome).to.equal("promoted");
    expect(w.share(c)).to.equal(1);
    expect(quarantine(await w.ledger.entries(), c), "its promotion lifts the quarantine").to.equal(undefined);
  });

  it("refuses a release that was never promoted here", async () => {
    const conclusion = await w.rollback(shaNamed("unknown"));
    expect(conclusion.outcome).to.equal("refused");
    expect(conclusion.reason?.code).to.equal("rollback-target-unknown");
    expect(conclusion.reason?.remedy).to.equal("npm run history -- --env trial");
    expect(w.share(shas[2] ?? "")).to.equal(1);
    await expectInOrder(w, conclusion);
  });

  it("refuses a release whose bytes are gone", async () => {
    w.store.objects.delete(`releases/${shas[1]}/manifest.json`);
    const conclusion = await w.rollback();
    expect(conclusion.outcome).to.equal("refused");
    expect(conclusion.reason?.code).to.equal("release-not-found");
    await expectInOrder(w, conclusion);
  });

  it("is refused where there is nothing earlier", async () => {
    const young = world();
    await young.settled();
    const conclusion = await young.rollback();
    expect(conclusion.outcome).to.equal("refused");
    expect(conclusion.reason?.code).to.equal("nothing-to-return-to");
    await expectInOrder(young, conclusion);
  });

  it("needs a person when the stack does not follow, and says that the traffic is safe", async () => {
    w.engine.failNextUp("the role is gone");
    const conclusion = await w.rollback();
    expect(conclusion.outcome).to.equal("needs-human");
    expect(conclusion.reason?.message).to.contain(`all of it on ${shas[1]}, proved`);
    expect(w.share(shas[1] ?? "")).to.equal(1);
    await expectInOrder(w, conclusion);
  });
});
