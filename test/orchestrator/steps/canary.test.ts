import { expect } from "chai";
import type { Probe } from "../../../orchestrator/ports/probes.ts";
import { ill } from "../../fakes/probes.ts";
import { codeOf, type Reached, reached } from "../../fakes/reached.ts";
import { type World, world } from "../../fakes/world.ts";

describe("the step canary", () => {
  let w: World;

  beforeEach(async () => {
    w = world();
    await w.settled();
  });

  const atCanary = (needed = 5): Promise<Reached> =>
    reached(w, "canary", {
      config: { health: { function: "dashboard", path: "/health", probes: 5, needed } },
    });

  /** Makes the first `count` answers to questions with, or without, the key bad. */
  function spoil(count: number, change: Partial<Probe>, withKey = true): void {
    let left = count;
    w.probes.answer((asked) => (asked.withKey === withKey && left-- > 0 ? change : undefined));
  }

  it("asks the new version alone, before it has traffic, and once without a key", async () => {
    const { sha, run } = await atCanary();
    const before = w.probes.asked.length;
    expect(await run()).to.deep.equal({ outcome: "passed", note: "5 of 5 probes well, the slowest 12 ms" });
    const asked = w.probes.asked.slice(before);
    expect(asked.every(({ how, sha: of }) => how === "direct" && of === sha)).to.equal(true);
    expect(asked.map(({ withKey }) => withKey)).to.deep.equal([true, true, true, true, true, false]);
    expect(w.share(sha)).to.equal(0);
  });

  it("fails at one bad answer where all are needed, and says what was wrong", async () => {
    spoil(1, ill);
    const result = await (await atCanary()).run();
    expect(codeOf(result)).to.equal("canary-failed");
    if (result.outcome === "failed")
      expect(result.reason.message).to.contain("1 of 5").and.to.contain("status 500");
  });

  it("says how slow the slowest answer was", async () => {
    spoil(1, { ms: 900.4 });
    expect(await (await atCanary()).run()).to.include({ note: "5 of 5 probes well, the slowest 900 ms" });
  });

  it("throws where the release has no function to be asked", async () => {
    const config = { health: { function: "nobody", path: "/health", probes: 5, needed: 5 } };
    const { run } = await reached(w, "canary", { config });
    const error = await run().catch((reason) => reason);
    expect(error.message).to.contain("no function nobody");
  });

  it("fails where more is needed than is asked for, though no answer was bad", async () => {
    const result = await (await atCanary(7)).run();
    if (result.outcome === "failed") expect(result.reason.message).to.contain("too few answers");
    expect(result.outcome).to.equal("failed");
  });

  it("is without evidence when the new version could not be asked", async () => {
    spoil(5, { ok: false, status: 0, version: undefined, problem: "Rate exceeded" });
    const result = await (await atCanary()).run();
    expect(codeOf(result)).to.equal("inconclusive");
    if (result.outcome === "failed") expect(result.reason.message).to.contain("Rate exceeded");
  });

  it("has evidence as soon as one of the answers was bad", async () => {
    spoil(1, ill);
    let unasked = 1;
    w.probes.answer(({ withKey }) =>
      !withKey && unasked-- > 0 ? { ok: false, status: 0, problem: "Rate exceeded" } : undefined,
    );
    expect(codeOf(await (await atCanary()).run())).to.equal("canary-failed");
  });

  for (const [bad, code] of [
    [2, "passed"],
    [3, "canary-failed"],
  ] as const)
    it(`ends ${code} with ${bad} bad answers of 5 where 3 good ones are needed`, async () => {
      const { run } = await atCanary(3);
      spoil(bad, ill);
      expect(codeOf(await run())).to.equal(code);
    });

  it("does not take an answer from other code for a good one", async () => {
    spoil(5, { version: "of another release" });
    const result = await (await atCanary()).run();
    expect(codeOf(result)).to.equal("canary-failed");
    if (result.outcome === "failed") expect(result.reason.message).to.contain("of another release");
  });

  it("fails when a stranger without a key gets an answer, however well the others are", async () => {
    spoil(1, { ok: false, status: 200, problem: "status 200 where 401 is due" }, false);
    const result = await (await atCanary(1)).run();
    expect(codeOf(result)).to.equal("canary-failed");
    if (result.outcome === "failed")
      expect(result.reason.message).to.contain("without a key: status 200 where 401 is due");
  });
});
