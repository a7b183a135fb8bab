import { expect } from "chai";
import { quarantine } from "../../../orchestrator/promotion/history.ts";
import { expectInOrder } from "../../fakes/invariants.ts";
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

  it("goes further back when asked twice, never forth to the release that was left", async () => {
    const [a] = shas as [string];
    await w.rollback();
    const conclusion = await w.rollback();
    expect(conclusion.outcome).to.equal("promoted");
    expect(w.share(a)).to.equal(1);
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
