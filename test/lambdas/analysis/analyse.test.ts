import { expect } from "chai";
import { type Analysis, analyse } from "../../../lambdas/analysis/analyse.ts";
import { MODEL } from "../../../lambdas/analysis/sentiment.ts";

const ID = "a".repeat(64);
const announced = JSON.stringify({ id: ID });

function tableOf(item: Awaited<ReturnType<Analysis["find"]>>, writes = true) {
  const kept: unknown[] = [];
  const analysis: Analysis = {
    find: async () => item,
    keep: async (id, found) => {
      kept.push([id, found]);
      return writes;
    },
  };
  return { analysis, kept };
}

describe("an analysis", () => {
  it("scores title and description of the item that is announced", async () => {
    const { analysis, kept } = tableOf({ title: "Plain words", description: "A brilliant success" });
    expect(await analyse(announced, analysis)).to.equal("scored");
    expect(kept).to.deep.equal([[ID, { score: 0.84, label: "positive", model: MODEL }]]);
  });

  it("scores an item again that another model has scored", async () => {
    const { analysis, kept } = tableOf({ title: "Awful", model: "another@1" });
    expect(await analyse(announced, analysis)).to.equal("scored");
    expect(kept).to.have.length(1);
  });

  it("leaves an item alone that this model has scored, also when somebody was faster", async () => {
    const there = tableOf({ title: "Awful", model: MODEL });
    expect(await analyse(announced, there.analysis)).to.equal("known");
    expect(there.kept).to.deep.equal([]);
    expect(await analyse(announced, tableOf({ title: "Awful" }, false).analysis)).to.equal("known");
  });

  it("has nothing to do when the item expired", async () => {
    const { analysis, kept } = tableOf(undefined);
    expect(await analyse(announced, analysis)).to.equal("gone");
    expect(kept).to.deep.equal([]);
  });

  for (const [message, reason] of [
    ["", "The notification is not JSON."],
    ["{", "The notification is not JSON."],
    ["null", "The notification announces no item: its id is not a SHA-256 in hex."],
    ['{"id":7}', "The notification announces no item: its id is not a SHA-256 in hex."],
    ['{"id":"../x"}', "The notification announces no item: its id is not a SHA-256 in hex."],
  ] as const) {
    it(`throws its reason at ${message || "an empty message"}`, async () => {
      const failed = await analyse(message, tableOf({ title: "x" }).analysis).catch((error: Error) => error);
      expect(failed).to.be.instanceOf(Error).with.property("message", reason);
    });
  }
});
