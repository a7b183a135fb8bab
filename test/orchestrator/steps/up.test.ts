import { expect } from "chai";
import { codeSha256 } from "../../../orchestrator/release/manifest.ts";
import { refused } from "../../contracts/refused.ts";
import { codeOf, reached } from "../../fakes/reached.ts";
import { world } from "../../fakes/world.ts";

describe("the step up", () => {
  it("publishes versions, records them with their digests, and moves no traffic", async () => {
    const w = world();
    const first = await w.settled();
    const { p, sha, run } = await reached(w, "up");
    expect(await run()).to.deep.equal({ outcome: "passed", note: "published dashboard 2, ingestion 2" });
    const part = p.found.release?.manifest.parts.dashboard;
    const published = { functionName: "trial-dashboard", version: "2", codeSha256: part && codeSha256(part) };
    expect(p.found.published?.functions.dashboard).to.deep.equal(published);
    expect(w.ledger.written.at(-1)?.event).to.deep.equal({
      type: "release-published",
      release: p.found.published,
      committedAt: p.found.release?.manifest.timestamp,
    });
    expect(w.share(first)).to.equal(1);
    expect(w.share(sha)).to.equal(0);
  });

  it("fails with what the engine says", async () => {
    const w = world();
    const { run } = await reached(w, "up");
    w.engine.failNextUp("the role cannot be assumed");
    const result = await run();
    expect(codeOf(result)).to.equal("up-failed");
    if (result.outcome === "failed") expect(result.reason.message).to.contain("the role cannot be assumed");
  });

  it("does not apply a plan whose state has changed", async () => {
    const w = world();
    const { run } = await reached(w, "up");
    w.engine.disturb();
    await refused("plan-stale", run());
  });

  it("takes in what an update that died had made, before it plans", async () => {
    const w = world();
    w.engine.leavePending({ urn: "urn:one", operation: "creating" });
    const { run } = await reached(w, "up");
    expect((await run()).outcome).to.equal("passed");
    expect(w.engine.did.filter((did) => did.startsWith("settle"))).to.have.length(1);
  });

  it("names what an update that died left undecided, when doing it again fails", async () => {
    const w = world();
    w.engine.leavePending({ urn: "urn:one", operation: "updating" });
    const { run } = await reached(w, "up");
    w.engine.failNextUp("the role cannot be assumed");
    const error = await refused("pending-operations", run());
    expect(error.message).to.contain("updating urn:one").and.to.contain("the role cannot be assumed");
    expect(error).to.have.property("remedy").that.contains("pulumi import");
  });

  it("does again what an update that died left undecided", async () => {
    const w = world();
    w.engine.leavePending({ urn: "urn:one", operation: "updating" });
    const { run } = await reached(w, "up");
    expect((await run()).outcome).to.equal("passed");
  });

  it("does not take a lock away that is somebody else's", async () => {
    const w = world();
    const { run } = await reached(w, "up");
    w.engine.leaveLocked();
    await refused("stack-locked", run());
    await refused("stack-locked", run());
  });

  it("does not take a version whose code is not the manifest's", async () => {
    const w = world();
    const { p, run } = await reached(w, "up");
    p.ports.traffic.codeSha256 = async () => "other code";
    const error = await refused("digest-mismatch", run());
    expect(error.message).to.contain("found other code");
    expect(p.found.published).to.equal(undefined);
  });

  it("does not take a version that is not there", async () => {
    const { p, run } = await reached(world(), "up");
    p.ports.traffic.codeSha256 = async () => undefined;
    expect((await refused("digest-mismatch", run())).message).to.contain("found nothing");
  });

  it("does not take a function that the manifest does not know", async () => {
    const { p, run } = await reached(world(), "up");
    const { up } = p.ports.engine;
    p.ports.engine.up = async (...given) => {
      const outputs = await up(...given);
      const stranger = { functionName: "trial-dashboard", version: "1", alias: "live" };
      return { ...outputs, functions: { ...outputs.functions, stranger } };
    };
    await refused("digest-mismatch", run());
  });

  it("leaves it to the loop to tell an interruption", async () => {
    const w = world();
    const { p, run } = await reached(w, "up");
    const why = new Error("SIGINT");
    w.clock.after(5_000, () => p.stop(why));
    expect(await run().catch((error) => error)).to.equal(why);
  });
});
