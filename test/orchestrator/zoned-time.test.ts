import { expect } from "chai";
import {
  daysLater,
  isZone,
  momentsOf,
  sayMoment,
  wallTimeIn,
  weekdayOf,
} from "../../orchestrator/zoned-time.ts";

const wall = (text: string) => {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = text.split(/[- :]/).map(Number);
  return { year, month, day, hour, minute };
};
const moments = (zone: string, text: string) => {
  const { earliest, latest } = momentsOf(zone, wall(text));
  return [earliest.toISOString().slice(0, 16), latest.toISOString().slice(0, 16)];
};

describe("time in a zone", () => {
  const once: [zone: string, text: string, utc: string][] = [
    ["UTC", "2026-06-01 12:00", "2026-06-01T12:00"],
    ["Europe/Berlin", "2026-01-15 08:00", "2026-01-15T07:00"],
    ["Europe/Berlin", "2026-07-15 08:00", "2026-07-15T06:00"],
    // The days on which the clocks change, before and after it.
    ["Europe/Berlin", "2026-03-29 01:59", "2026-03-29T00:59"],
    ["Europe/Berlin", "2026-03-29 03:00", "2026-03-29T01:00"],
    ["Europe/Berlin", "2026-10-25 01:59", "2026-10-24T23:59"],
    ["Europe/Berlin", "2026-10-25 03:00", "2026-10-25T02:00"],
    ["America/New_York", "2026-03-08 12:00", "2026-03-08T16:00"],
    ["America/New_York", "2026-03-07 12:00", "2026-03-07T17:00"],
    ["Australia/Lord_Howe", "2026-07-01 12:00", "2026-07-01T01:30"],
    ["Asia/Kathmandu", "2026-07-01 00:00", "2026-06-30T18:15"],
  ];
  for (const [zone, text, utc] of once)
    it(`is one moment: ${text} in ${zone}`, () => {
      expect(moments(zone, text)).to.deep.equal([utc, utc]);
      expect(wallTimeIn(zone, new Date(`${utc}Z`))).to.deep.equal(wall(text));
    });

  it("is two moments where the clocks are set back over it", () => {
    expect(moments("Europe/Berlin", "2026-10-25 02:30")).to.deep.equal([
      "2026-10-25T00:30",
      "2026-10-25T01:30",
    ]);
    expect(moments("America/New_York", "2026-11-01 01:30")).to.deep.equal([
      "2026-11-01T05:30",
      "2026-11-01T06:30",
    ]);
    expect(moments("Australia/Lord_Howe", "2026-04-05 01:45")).to.deep.equal([
      "2026-04-04T14:45",
      "2026-04-04T15:15",
    ]);
  });

  it("is no moment, but lies between two, where the clocks are set forward over it", () => {
    const [earliest, latest] = moments("Europe/Berlin", "2026-03-29 02:30");
    expect([earliest, latest]).to.deep.equal(["2026-03-29T00:30", "2026-03-29T01:30"]);
    const change = "2026-03-29T01:00";
    expect((earliest ?? "") < change && change < (latest ?? "")).to.equal(true);
  });

  it("counts days by the calendar", () => {
    expect(daysLater(wall("2028-02-28 10:00"), 1)).to.deep.equal(wall("2028-02-29 10:00"));
    expect(daysLater(wall("2026-01-01 10:00"), -1)).to.deep.equal(wall("2025-12-31 10:00"));
    expect(weekdayOf(wall("2026-03-29 10:00"))).to.equal(0);
  });

  it("is said in the words of the zone and in UTC", () => {
    expect(sayMoment(new Date("2026-03-30T06:00Z"), "Europe/Berlin")).to.equal(
      "Mon 2026-03-30 08:00 Europe/Berlin (2026-03-30T06:00Z)",
    );
    expect(sayMoment(new Date("2026-06-01T22:05Z"), "America/New_York")).to.equal(
      "Mon 2026-06-01 18:05 America/New_York (2026-06-01T22:05Z)",
    );
  });

  it("knows zones from other words", () => {
    for (const zone of ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires"])
      expect(isZone(zone), zone).to.equal(true);
    for (const zone of ["", "Mars", "Europe/Atlantis", "8"]) expect(isZone(zone), zone).to.equal(false);
  });
});
