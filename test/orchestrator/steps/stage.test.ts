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
    const { timestamp, author } = p.found.release?.manifest ?? {};
    expect(about, "what people see beside each object").to.deep.equal(
      Array(4).fill({ sha, timestamp, author }),
    );
    expect(order.at(-1)).to.equal(manifestKey(sha));
    for (const key of order) {
      expect(Object.keys(w.store.metadata.get(key) ?? {}), key).to.deep.equal(["sha", "timestamp", "author"]);
      expect(w.store.metadata.get(key), key).to.include({ sha });
      expect(w.store.tags.get(key), key).to.deep.equal({ release: sha });
    }
    expect(w.store.objects.get(manifestKey(sha))).to.deep.equal(w.source.objects.get(manifestKey(sha)));
  });

  it("brings along the attestations that opened the environment, once", async () => {
    const w = world();
    const { p, run } = await reached(w, "stage");
    p.found.attestations = { given: Buffer.from("an envelope") };
    await run();
    expect(Buffer.from(w.store.objects.get("given") ?? "").toString()).to.equal("an envelope");
    p.found.attestations = { given: Buffer.from("another that holds") };
    expect(codeOf(await run())).to.equal("passed");
    expect(Buffer.from(w.store.objects.get("given") ?? "").toString()).to.equal("an envelope");
  });

  it("may be done twice", async () => {
    const w = world();
    const { sha, run } = await reached(w, "stage");
    await run();
    await w.store.tag(manifestKey(sha), { release: sha, "trial-validated": "true" });
    expect(await run()).to.deep.equal({ outcome: "passed", note: "the bytes were there already" });
    expect(w.store.tags.get(manifestKey(sha)), "what it earned").to.include({ "trial-validated": "true" });
  });

  it("never overwrites, and then leaves no manifest either", async () => {
    const w = world();
    const { sha, run } = await reached(w, "stage");
    await w.store.put(lambdaKey("dashboard", sha), Buffer.from("other bytes"));
    await refused("key-taken", run());
    expect(w.store.objects.has(manifestKey(sha))).to.equal(false);
  });

  it("leaves nothing that could expire, whether it copied it or found it there", async () => {
    const w = world();
    const { sha, run } = await reached(w, "stage");
    const key = lambdaKey("dashboard", sha);
    await w.store.put(key, (await w.source.get(key)) ?? Buffer.of(), {}, "temporary");
    await w.store.put("other", Buffer.from("another's"), {}, "temporary");
    expect(codeOf(await run())).to.equal("passed");
    expect([...w.store.temporary]).to.deep.equal(["other"]);
  });

  it("leaves a copy that was interrupted to expire by itself", async () => {
    const w = world();
    const { p, run } = await reached(w, "stage");
    const { put } = w.store;
    p.ports.store.put = async (key, ...rest) => {
      if (key.endsWith("manifest.json")) throw new Error("the network is gone");
      return await put(key, ...rest);
    };
    expect((await run().catch((error) => error)).message).to.equal("the network is gone");
    expect([...w.store.temporary].sort()).to.deep.equal([...w.store.objects.keys()].sort());
  });

  it("refuses when it cannot keep the bytes, before anything is changed", async () => {
    const w = world();
    const { p, run } = await reached(w, "stage");
    p.ports.store.keep = async () => {
      throw new Error("Access Denied");
    };
    expect((await run().catch((error) => error)).message).to.equal("Access Denied");
  });

  it("passes when the source is the environment's own bucket", async () => {
    const w = world();
    const { p, run } = await reached(w, "stage");
    expect(codeOf(await run())).to.equal("passed");
    Object.assign(p.ports, { store: w.source });
    expect(codeOf(await run())).to.equal("passed");
  });
});
