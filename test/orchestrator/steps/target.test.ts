import { expect } from "chai";
import { lambdaKey, manifestKey } from "../../../orchestrator/release/manifest.ts";
import { lease } from "../../../orchestrator/steps/lease.ts";
import { target } from "../../../orchestrator/steps/target.ts";
import { refused } from "../../contracts/refused.ts";
import { codeOf } from "../../fakes/reached.ts";
import { type World, world } from "../../fakes/world.ts";

describe("the step target", () => {
  let w: World;
  let shas: [string, string, string];

  beforeEach(async () => {
    w = world();
    shas = [await w.settled("a"), await w.settled("b"), await w.settled("c")];
  });

  async function chosen(sha: string | null) {
    const { p } = w.compose({ kind: "rollback", sha, why: "wrong" });
    await lease.run(p);
    return { p, result: await target.run(p) };
  }

  it("is the release before, unless one is named", async () => {
    const { p, result } = await chosen(null);
    expect(codeOf(result)).to.equal("passed");
    expect(p.found.wayBack?.sha).to.equal(shas[1]);
    expect(p.found.release?.manifest.sha).to.equal(shas[1]);
    expect(p.decidedAt).to.equal(w.clock.monotonic());
    expect(result).to.include({ note: `back to ${shas[1].slice(0, 7)}` });
  });

  it("is the named one, by its whole SHA or its beginning", async () => {
    expect((await chosen(shas[0])).p.found.wayBack?.sha).to.equal(shas[0]);
  });

  it("is not what runs already", async () => {
    const [, , running] = shas;
    const { result } = await chosen(running.slice(0, 7));
    expect(codeOf(result)).to.equal("rollback-target-runs");
    if (result.outcome === "failed") expect(result.reason.message).to.equal(`trial runs ${running} already`);
  });

  it("is nothing where nothing was promoted before", async () => {
    const young = world();
    await young.settled();
    const { p } = young.compose({ kind: "rollback", sha: null, why: "wrong" });
    await lease.run(p);
    const result = await target.run(p);
    expect(codeOf(result)).to.equal("nothing-to-return-to");
    if (result.outcome === "failed") expect(result.reason.message).to.match(/^trial has no earlier release/);
  });

  it("may be any that was promoted, where it is not known what runs", async () => {
    const { p } = w.compose({ kind: "rollback", sha: shas[2], why: "wrong" });
    await lease.run(p);
    p.found.running = undefined;
    expect(codeOf(await target.run(p))).to.equal("passed");
    expect(p.found.wayBack?.sha).to.equal(shas[2]);
  });

  it("names what it could be when it is unknown", async () => {
    const { result } = await chosen("0".repeat(40));
    expect(codeOf(result)).to.equal("rollback-target-unknown");
    if (result.outcome === "failed")
      expect(result.reason.message)
        .to.contain(`${"0".repeat(40)} was never promoted`)
        .and.to.contain(shas[0])
        .and.to.contain(shas[1]);
  });

  it("must have all its bytes, unchanged, in the environment's own bucket", async () => {
    w.store.objects.set(lambdaKey("dashboard", shas[1]), Buffer.from("other bytes"));
    await refused("size-mismatch", chosen(null));
  });

  it("must have a manifest there", async () => {
    w.store.objects.delete(manifestKey(shas[1]));
    await refused("release-not-found", chosen(null));
  });
});
