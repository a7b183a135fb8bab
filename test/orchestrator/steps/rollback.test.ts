import { expect } from "chai";
import { quarantine } from "../../../orchestrator/promotion/history.ts";
import { manifestBytes, manifestKey } from "../../../orchestrator/release/manifest.ts";
import { rollback } from "../../../orchestrator/steps/rollback.ts";
import { ill } from "../../fakes/probes.ts";
import { codeOf, type Reached, reached } from "../../fakes/reached.ts";
import { makeRelease } from "../../fakes/release.ts";
import { type World, world } from "../../fakes/world.ts";

describe("the step rollback", () => {
  let w: World;
  let first: string;
  let at: Reached;

  beforeEach(async () => {
    w = world();
    first = await w.settled();
    at = await reached(w, "watch");
    at.p.failure = { step: "watch", code: "unhealthy", message: "errors" };
    at.p.decidedAt = w.clock.monotonic();
  });

  const run = () => rollback.run(at.p);
  const condemned = () => quarantine(at.p.found.entries, at.sha);

  it("gives the traffic back, then quarantines and tells, then takes the stack back", async () => {
    expect(codeOf(await run())).to.equal("passed");
    expect(w.share(first)).to.equal(1);
    expect(condemned()).to.equal("watch: errors");
    expect(w.notifier.sent.at(-1)?.body)
      .to.contain("because of watch: errors")
      .and.to.contain(`Running now: ${first}, with all the traffic`);
    expect(w.engine.applied()).to.equal(first);
    expect(at.p.found.running?.sha).to.equal(first);
    const types = w.ledger.written.map(({ event }) => event.type).slice(-7);
    expect(types).to.deep.equal([
      "traffic-intended",
      "traffic-moved",
      "traffic-restored",
      "quarantined",
      "notified",
      "stack-intended",
      "stack-updated",
    ]);
  });

  it("says as soon as the traffic is back, and in a line what was done", async () => {
    const name = first.slice(0, 7);
    expect(await run()).to.deep.equal({
      outcome: "passed",
      note: `traffic back in 0 ms, stack as in ${name}`,
    });
    const text = `traffic back on ${name} in 0 ms`;
    expect(w.told).to.deep.include({ type: "note", step: "rollback", text });
  });

  it("measures from the decision to the proof, without the stack", async () => {
    w.clock.after(700, () => {});
    await w.clock.sleep(700);
    await run();
    expect(at.p.found.rollbackMs).to.equal(700);
  });

  it("does not touch a stack that is as it should be", async () => {
    await run();
    const ups = w.engine.did.filter((did) => did.startsWith("up")).length;
    expect(codeOf(await run())).to.equal("passed");
    expect(w.engine.did.filter((did) => did.startsWith("up"))).to.have.length(ups);
  });

  for (const code of ["interrupted", "inconclusive", "lease-lost", "plan-stale", "route-changed"])
    it(`does not quarantine for ${code}, which says nothing against the release`, async () => {
      at.p.failure = { step: "watch", code, message: "why" };
      expect(codeOf(await run())).to.equal("passed");
      expect(condemned()).to.equal(undefined);
      expect(w.notifier.sent.at(-1)?.subject, "people are told all the same").to.contain("taken back");
    });

  it("has nowhere to go from the first release, and quarantines it", async () => {
    at.p.found.wayBack = undefined;
    expect(codeOf(await run())).to.equal("nothing-to-return-to");
    expect(condemned()).to.equal("watch: errors");
  });

  it("says what is not known when the way back is not proved, and does not tell that it is", async () => {
    w.probes.answer(() => ill);
    const result = await run();
    expect(codeOf(result)).to.equal("rollback-failed");
    if (result.outcome === "failed") expect(result.reason.message).to.contain("not proved");
    expect(at.p.found.running).to.equal(undefined);
    expect(w.notifier.sent.map(({ subject }) => subject)).to.deep.equal([
      `trial: ${first.slice(0, 7)} promoted`,
    ]);
  });

  for (const [what, spoil] of [
    ["the stack cannot be previewed", () => w.engine.failNextPreview("locked")],
    ["the stack cannot be updated", () => w.engine.failNextUp("locked")],
    [
      "the old program was made for other packages than are installed",
      () => {
        const { manifest } = makeRelease("first");
        const needs = { "@pulumi/aws": "6.83.0" };
        w.store.objects.set(manifestKey(first), manifestBytes({ ...manifest, needs }));
        w.engine.packages["@pulumi/aws"] = "7.48.0";
      },
    ],
    ["the old bytes are gone", () => w.store.objects.clear()],
    ["nobody could be told", () => w.notifier.fail(1, "locked")],
  ] as const)
    it(`says that the traffic is safe when ${what}`, async () => {
      spoil();
      const result = await run();
      expect(codeOf(result)).to.equal("stack-behind");
      if (result.outcome === "failed")
        expect(result.reason.message).to.contain(`all of it on ${first}, proved`);
      expect(at.p.found.running?.sha).to.equal(first);
    });
});
