import { expect } from "chai";
import { parseUntil } from "../../orchestrator/until.ts";

const NOW = new Date("2026-11-24T10:00:00Z");

describe("the end of a hold", () => {
  for (const [text, end] of [
    ["2d", "2026-11-26T10:00:00.000Z"],
    ["12h", "2026-11-24T22:00:00.000Z"],
    ["90s", "2026-11-24T10:01:30.000Z"],
    ["2026-12-24", "2026-12-24T00:00:00.000Z"],
    ["2026-12-24T08:00Z", "2026-12-24T08:00:00.000Z"],
    ["2026-12-24T08:00+01:00", "2026-12-24T07:00:00.000Z"],
    [" 2026-12-24T08:00:30.5Z ", "2026-12-24T08:00:30.500Z"],
  ] as const)
    it(`is read: "${text}"`, () => {
      expect(parseUntil(text, NOW)?.toISOString()).to.equal(end);
    });

  for (const text of [
    "",
    "soon",
    "0s",
    "0d",
    "-2d",
    "2 days",
    "24.12.2026",
    "2026-12-24T08:00", // whose clocks?
    "2026-02-30",
    "2027-02-29T08:00Z",
    "2026-13-01",
    "2026-12-24T25:00Z",
    "2026-11-24T10:00Z", // now
    "2026-11-23",
    "99999999999999999d",
  ])
    it(`is none, or not later than now: "${text}"`, () => {
      expect(parseUntil(text, NOW)).to.equal(undefined);
    });
});
