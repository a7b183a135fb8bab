import { expect } from "chai";
import { parseStrategy, type Stage } from "../../../orchestrator/promotion/strategy.ts";

const ALL: Stage = { percent: 100, holdMs: 0 };

describe("a traffic strategy", () => {
  const good: [text: string, stages: Stage[]][] = [
    ["all-at-once", [ALL]],
    ["canary:10%/5m", [{ percent: 10, holdMs: 300_000 }, ALL]],
    ["canary:1%/250ms", [{ percent: 1, holdMs: 250 }, ALL]],
    ["canary:99%/1s", [{ percent: 99, holdMs: 1_000 }, ALL]],
    ["linear:50%/1m", [{ percent: 50, holdMs: 60_000 }, ALL]],
    ["linear:40%/1m", [{ percent: 40, holdMs: 60_000 }, { percent: 80, holdMs: 60_000 }, ALL]],
  ];
  for (const [text, stages] of good)
    it(`reads ${text}`, () => {
      expect(parseStrategy(text)).to.deep.equal(stages);
    });

  it("rises by ten tenths when it is linear in tenths", () => {
    const percents = parseStrategy("linear:10%/1m")?.map(({ percent }) => percent);
    expect(percents).to.deep.equal([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
  });

  for (const text of [
    "",
    "fast",
    "canary",
    "canary:10%",
    "canary:0%/5m",
    "canary:100%/5m",
    "canary:-5%/5m",
    "linear:10/5m",
    "canary:10%/soon",
    "canary:10%/",
    "a canary:10%/5m",
    "canary:10%/5m\n",
  ])
    it(`is none: "${text}"`, () => {
      expect(parseStrategy(text)).to.equal(undefined);
    });
});
