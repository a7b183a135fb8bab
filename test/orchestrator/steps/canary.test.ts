import { expect } from "chai";
import type { Probe } from "../../../orchestrator/ports/probes.ts";
import { ill } from "../../fakes/probes.ts";
import { codeOf, type Reached, reached } from "../../fakes/reached.ts";
import { type World, world } from "../../fakes/world.ts";

describe("the step canary", () => {
  let w: World;
  let before: string;

  beforeEach(async () => {
    w = world();
    before = await w.settled();
  });

  const atCanary = (needed = 5): Promise<Reached> =>
    reached(w, "canary", {
      config: { health: { function: "dashboard", path: "/health", probes: 5, needed } },
    });

  /** Makes the new version's first `count` answers to questions with, or without, the key bad. */
  function spoil(count: number, change: Partial<Probe>, withKey = true): void {
    let left = count;
    w.probes.answer((asked) => {
      const meant = asked.sha !== before && asked.how === "direct" && asked.withKey === withKey;
      return meant && left-- > 0 ? change : undefined;
    });
  }

  const judged = async () => {
    const last = (await w.ledger.entries()).findLast(({ event }) => event.type === "judged")?.event;
    return last?.type === "judged" ? last : undefined;
  };

  it("asks the new version and the one that runs side by side, the other functions, and once without a key", async () => {
    const { sha, run } = await atCanary();
    const from = w.probes.asked.length;
    expect(await run()).to.deep.equal({ outcome: "passed", note: "5 of 5 probes well, the slowest 12 ms" });
    const asked = w.probes.asked.slice(from);
    const count = (wanted: Partial<(typeof asked)[number]>) =>
      asked.filter((each) => Object.entries(wanted).every(([key, value]) => Reflect.get(each, key) === value))
        .length;
    expect(count({ how: "direct", sha, withKey: true })).to.equal(5);
    expect(count({ how: "direct", sha: before, withKey: true })).to.equal(5);
    expect(count({ how: "direct", sha, withKey: false })).to.equal(1);
    expect(count({ how: "ready", sha, functionName: "trial-ingestion" })).to.equal(1);
    expect(asked).to.have.length(12);
    expect(w.share(sha)).to.equal(0);
  });

  it("records by which rule it judged, and on what", async () => {
    const { run } = await atCanary(4);
    await run();
    expect(await judged()).to.deep.include({
      step: "canary",
      rule: "4 good answers of 5, every function ready, none without a key",
      verdict: "well",
    });
    expect((await judged())?.asked.before).to.include({ answers: 5, bad: 0, median: 12 });
  });

  it("asks no more once the rule cannot be kept", async () => {
    const { run, sha } = await atCanary(4);
    spoil(5, ill);
    const from = w.probes.asked.length;
    expect(codeOf(await run())).to.equal("canary-failed");
    expect(w.probes.asked.slice(from).filter((asked) => asked.sha === sha)).to.have.length(2);
  });

  it("names a function that gives no sign of life, however well the health is", async () => {
    const { run } = await atCanary();
    w.probes.answer(({ how }) => (how === "ready" ? { ...ill, problem: "no table" } : undefined));
    const result = await run();
    expect(codeOf(result)).to.equal("canary-failed");
    if (result.outcome === "failed") expect(result.reason.message).to.contain("ingestion: no table");
  });

  it("asks a function again that did not answer once", async () => {
    const { run } = await atCanary();
    let failures = 2;
    w.probes.answer(({ how }) => (how === "ready" && failures-- > 0 ? ill : undefined));
    expect(codeOf(await run())).to.equal("passed");
  });

  it("can say nothing when the version that runs fails alike", async () => {
    const { run } = await atCanary();
    w.probes.answer(({ how }) => (how === "direct" ? ill : undefined));
    expect(codeOf(await run())).to.equal("inconclusive");
    expect((await judged())?.verdict).to.equal("inconclusive");
  });

  it("fails at one bad answer where all are needed, and says what was wrong", async () => {
    spoil(1, ill);
    const result = await (await atCanary()).run();
    expect(codeOf(result)).to.equal("canary-failed");
    if (result.outcome === "failed")
      expect(result.reason.message).to.contain("1 of 1").and.to.contain("status 500");
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

  for (const [who, asked] of [
    ["a stranger", { how: "direct", withKey: false }],
    ["another function", { how: "ready", withKey: true }],
  ] as const)
    it(`is without evidence when ${who} got no answer at all`, async () => {
      w.probes.answer(({ how, withKey }) =>
        how === asked.how && withKey === asked.withKey
          ? { ok: false, status: 0, version: undefined, problem: "Rate exceeded" }
          : undefined,
      );
      const result = await (await atCanary()).run();
      expect(codeOf(result)).to.equal("inconclusive");
      if (result.outcome === "failed")
        expect(result.reason.message).to.contain("not one of these questions was answered");
      expect((await judged())?.verdict).to.equal("inconclusive");
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

  it("asks again without a key where there was no answer at all: that is no leak", async () => {
    spoil(2, { ok: false, status: 0, problem: "no answer" }, false);
    expect(codeOf(await (await atCanary()).run())).to.equal("passed");
  });
});
