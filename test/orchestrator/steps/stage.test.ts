import { expect } from "chai";
import { lambdaKey, manifestKey } from "../../../orchestrator/release/manifest.ts";
import { refused } from "../../contracts/refused.ts";
import { codeOf, reached } from "../../fakes/reached.ts";
import { world } from "../../fakes/world.ts";

describe("the step stage", () => {
  it("copies every part, and the manifest when all of them are there", async () => {
    const w = world();
    const { p, sha, run } = await reached(w, "stage");
    const order: string[] = [];
    const about: unknown[] = [];
    const { put } = w.store;
    p.ports.store.put = async (key, bytes, metadata) => {
      const result = await put(key, bytes, metadata);
      order.push(key);
      about.push(metadata);
      return result;
    };
    expect(await run()).to.deep.include({ outcome: "passed", note: "3 parts written to the store" });
    expect(order).to.have.length(4);
    const timestamp = p.found.release?.manifest.timestamp;
    expect(about, "what people see beside each object").to.deep.equal(Array(4).fill({ sha, timestamp }));
    expect(order.at(-1)).to.equal(manifestKey(sha));
    expect(w.store.objects.get(manifestKey(sha))).to.deep.equal(w.source.objects.get(manifestKey(sha)));
  });

  it("may be done twice", async () => {
    const { run } = await reached(world(), "stage");
    await run();
    expect(await run()).to.deep.equal({ outcome: "passed", note: "the bytes were there already" });
  });

  it("never overwrites, and then leaves no manifest either", async () => {
    const w = world();
    const { sha, run } = await reached(w, "stage");
    await w.store.put(lambdaKey("dashboard", sha), Buffer.from("other bytes"));
    await refused("key-taken", run());
    expect(w.store.objects.has(manifestKey(sha))).to.equal(false);
  });

  it("passes when the source is the environment's own bucket", async () => {
    const w = world();
    const { p, run } = await reached(w, "stage");
    expect(codeOf(await run())).to.equal("passed");
    Object.assign(p.ports, { store: w.source });
    expect(codeOf(await run())).to.equal("passed");
  });
});
