import { expect } from "chai";
import { parseDuration, sayDuration } from "../../orchestrator/duration.ts";

describe("a duration", () => {
  for (const [text, ms] of [
    ["250ms", 250],
    ["90s", 90_000],
    ["1.5s", 1_500],
    ["5m", 300_000],
    ["2h", 7_200_000],
    ["30d", 2_592_000_000],
    [" 5m ", 300_000],
    ["0s", 0],
  ] as const)
    it(`reads "${text}"`, () => {
      expect(parseDuration(text)).to.equal(ms);
    });

  for (const text of ["", "5", "m", "5 m", "-5m", "5w", "5m30s", `${"9".repeat(400)}s`, "1e3s", "∞s"])
    it(`is none: "${text}"`, () => {
      expect(parseDuration(text)).to.equal(undefined);
    });

  for (const [ms, said] of [
    [0, "0 ms"],
    [850.4, "850 ms"],
    [4_200, "4.2 s"],
    [200_000, "3 m 20 s"],
    [3_600_000, "1 h 0 m"],
    [3_599_600, "1 h 0 m"],
    [86_390_000, "1 d 0 h"],
    [187_200_000, "2 d 4 h"],
    [999.9, "1.0 s"],
    [59_990, "1 m 0 s"],
    [119_700, "2 m 0 s"],
  ] as const)
    it(`is said as a person would: ${said}`, () => {
      expect(sayDuration(ms)).to.equal(said);
    });
});
