import { expect } from "chai";
import { z } from "zod";
import { FREEZE, type Freeze, frozen } from "../../../orchestrator/promotion/freezes.ts";

const freeze = (settings: Record<string, unknown>): Freeze =>
  FREEZE.parse({ name: "rest", zone: "Europe/Berlin", ...settings });
const until = (freezes: Freeze[], at: string) =>
  frozen(freezes, new Date(at))?.until.toISOString().slice(0, 16);

describe("a freeze", () => {
  const weekend = freeze({ name: "weekend", from: "Fri 16:00", to: "Mon 08:00" });

  it("of each week begins and ends on its zone's clocks, to the second", () => {
    expect(until([weekend], "2026-11-27T14:59:59Z")).to.equal(undefined);
    expect(until([weekend], "2026-11-27T15:00:00Z")).to.equal("2026-11-30T07:00");
    expect(until([weekend], "2026-11-30T06:59:59Z")).to.equal("2026-11-30T07:00");
    expect(until([weekend], "2026-11-30T07:00:00Z")).to.equal(undefined);
  });

  it("says its name, and when it ends on its zone's clocks and in UTC", () => {
    expect(frozen([weekend], new Date("2026-11-28T12:00Z"))).to.deep.include({
      name: "weekend",
      said: "Mon 2026-11-30 08:00 Europe/Berlin (2026-11-30T07:00Z)",
    });
  });

  it("over a change of the clocks is as long as the clocks say, not as hours do", () => {
    // 62 hours when spring takes one, 65 when autumn gives one, 64 else.
    for (const [friday, monday] of [
      ["2026-03-27T15:00", "2026-03-30T06:00"],
      ["2026-10-23T14:00", "2026-10-26T07:00"],
    ] as const) {
      expect(until([weekend], `${friday}:00Z`)).to.equal(monday);
      expect(until([weekend], `${friday.slice(0, 11)}13:59:59Z`), "not yet").to.equal(undefined);
      expect(until([weekend], `${monday}:00Z`), "over").to.equal(undefined);
    }
  });

  it("is on its own zone's clocks: one moment may be frozen in one zone and not in another", () => {
    const marks = { from: "Fri 16:00", to: "Mon 08:00" };
    const at = "2026-11-27T18:00:00Z";
    expect(until([freeze({ ...marks, zone: "America/New_York" })], at)).to.equal(undefined);
    expect(until([freeze({ ...marks, zone: "America/New_York" })], "2026-11-27T21:00:00Z")).to.equal(
      "2026-11-30T13:00",
    );
    expect(until([freeze({ ...marks, zone: "Asia/Tokyo" })], "2026-11-29T23:00:00Z")).to.equal(undefined);
  });

  it("begins at the earliest and ends at the latest of a time that the clocks show twice", () => {
    const from = freeze({ from: "2026-10-25 02:30", to: "2026-10-25 12:00" });
    expect(until([from], "2026-10-25T00:30:00Z")).to.equal("2026-10-25T11:00");
    expect(until([from], "2026-10-25T00:29:59Z")).to.equal(undefined);
    const to = freeze({ from: "2026-10-24 12:00", to: "2026-10-25 02:30" });
    expect(until([to], "2026-10-25T00:45:00Z")).to.equal("2026-10-25T01:30");
  });

  it("leaves nothing out where the clocks do not show its time at all", () => {
    const each = freeze({ from: "02:30", to: "04:00" });
    expect(until([each], "2026-03-29T01:00:00Z"), "03:00, right after the change").to.equal(
      "2026-03-29T02:00",
    );
    expect(until([each], "2026-03-28T01:00:00Z"), "02:00 the day before").to.equal(undefined);
  });

  it("of mere times goes over midnight, and begins only on its days", () => {
    const nights = freeze({ from: "22:00", to: "06:00", days: ["Mon", "Thu"], zone: "UTC" });
    expect(until([nights], "2026-11-23T23:00Z"), "Monday night").to.equal("2026-11-24T06:00");
    expect(until([nights], "2026-11-24T05:59Z"), "which is Tuesday's morning").to.equal("2026-11-24T06:00");
    expect(until([nights], "2026-11-24T23:00Z"), "Tuesday night").to.equal(undefined);
    expect(until([nights], "2026-11-23T05:00Z"), "the morning of Monday").to.equal(undefined);
    const days = freeze({ from: "09:00", to: "17:00", zone: "UTC" });
    expect(until([days], "2026-11-29T12:00Z")).to.equal("2026-11-29T17:00");
    expect(until([days], "2026-11-29T18:00Z")).to.equal(undefined);
  });

  it("of a week that ends on its own weekday lasts almost a week, or hours", () => {
    const most = freeze({ from: "Fri 16:00", to: "Fri 10:00", zone: "UTC" });
    expect(until([most], "2026-11-26T12:00Z")).to.equal("2026-11-27T10:00");
    expect(until([most], "2026-11-27T12:00Z")).to.equal(undefined);
    const hours = freeze({ from: "Fri 10:00", to: "Fri 16:00", zone: "UTC" });
    expect(until([hours], "2026-11-27T12:00Z")).to.equal("2026-11-27T16:00");
    expect(until([hours], "2026-11-26T12:00Z")).to.equal(undefined);
  });

  it("of one date is once", () => {
    const once = freeze({ from: "2026-12-23 12:00", to: "2027-01-04 08:00" });
    expect(until([once], "2026-12-31T00:00Z")).to.equal("2027-01-04T07:00");
    expect(until([once], "2027-12-31T00:00Z")).to.equal(undefined);
  });

  it("that is followed by another without a gap ends when the last of them does, and has the first one's name", () => {
    const monday = freeze({ name: "audit", from: "2026-11-30 08:00", to: "2026-11-30 20:00" });
    const both = frozen([monday, weekend], new Date("2026-11-28T12:00Z"));
    expect(both).to.deep.include({ name: "weekend" });
    expect(both?.until.toISOString()).to.equal("2026-11-30T19:00:00.000Z");
  });

  it("that never ends is told without waiting for its end", () => {
    const always = [freeze({ from: "00:00", to: "12:00" }), freeze({ from: "12:00", to: "00:00" })];
    expect(frozen(always, new Date("2026-11-28T12:00Z"))?.until.getTime()).to.be.greaterThan(
      Date.parse("2027-01-01"),
    );
  });

  it("is none where there are none", () => {
    expect(frozen([], new Date("2026-11-28T12:00Z"))).to.equal(undefined);
  });

  const bad: [what: string, settings: Record<string, unknown>, says: string][] = [
    ["an hour that no day has", { from: "Fri 25:00", to: "Mon 08:00" }, `"Fri 25:00" is not a time`],
    ["a day that no week has", { from: "Fre 16:00", to: "Mon 08:00" }, `"Fre 16:00" is not a time`],
    ["a date that no year has", { from: "2026-02-30 10:00", to: "2026-03-01 10:00" }, "2026-02-30"],
    ["times of two kinds", { from: "Fri 16:00", to: "08:00" }, "same kind as from"],
    ["an end before its beginning", { from: "2026-12-02 10:00", to: "2026-12-01 10:00" }, "is before from"],
    ["no length", { from: "10:00", to: "10:00" }, "is the same time as from"],
    ["a zone that nobody lives in", { from: "10:00", to: "12:00", zone: "Mars" }, "is not a time zone"],
    ["days for a window that has its own", { from: "Fri 16:00", to: "Mon 08:00", days: ["Sat"] }, "days"],
    ["a day that is none", { from: "10:00", to: "12:00", days: ["Feierabend"] }, "days"],
    ["no name", { from: "10:00", to: "12:00", name: "" }, "name"],
    ["a setting that is not known", { from: "10:00", to: "12:00", reason: "x" }, "reason"],
  ];
  for (const [what, settings, says] of bad)
    it(`is refused with ${what}`, () => {
      const { error } = FREEZE.safeParse({ name: "rest", zone: "Europe/Berlin", ...settings });
      expect(error && z.prettifyError(error)).to.contain(says);
    });
});
