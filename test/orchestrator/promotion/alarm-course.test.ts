import { expect } from "chai";
import type { Alarm, AlarmState } from "../../../orchestrator/ports/alarms.ts";
import { follow, recordOf, unseenAlarms } from "../../../orchestrator/promotion/alarm-course.ts";

const alarm = (name: string, state: AlarmState, more: Partial<Alarm> = {}): Alarm => ({
  name,
  state,
  enabled: true,
  reason: "",
  definition: "",
  ...more,
});

describe("the course of the alarms over a watch", () => {
  it("says nothing of those that were always well, but how many were watched", () => {
    const course = unseenAlarms();
    for (const at of [0, 2_000]) follow(course, [alarm("a", "OK"), alarm("b", "OK")], at);
    expect(recordOf(course)).to.deep.equal({ watched: 2, readings: 2, unread: 0, states: {} });
  });

  it("keeps each change, also that of one that is switched off or gone, and not each reading", () => {
    const course = unseenAlarms();
    follow(course, [alarm("a", "OK"), alarm("b", "OK")], 0);
    follow(course, [alarm("a", "ALARM"), alarm("b", "OK", { enabled: false })], 1_999.6);
    follow(course, undefined, 4_000);
    follow(course, [alarm("a", "ALARM")], 6_000);
    expect(recordOf(course)).to.deep.equal({
      watched: 2,
      readings: 4,
      unread: 1,
      states: {
        a: [
          [0, "OK"],
          [2_000, "ALARM"],
        ],
        b: [
          [0, "OK"],
          [2_000, "disabled"],
          [6_000, "missing"],
        ],
      },
    });
  });

  it("stays far below what an entry of the ledger may hold, and keeps what fired and how it ended", () => {
    const course = unseenAlarms();
    const names = Array.from({ length: 500 }, (_, index) => `${index}-`.padEnd(255, "ä"));
    for (let at = 0; at < 2_000; at++)
      follow(
        course,
        names.map((name, index) =>
          alarm(name, at % 2 === 0 ? "INSUFFICIENT_DATA" : index === 499 ? "ALARM" : "OK"),
        ),
        at * 2_000,
      );
    const record = recordOf(course);
    expect(Buffer.byteLength(JSON.stringify(record))).to.be.below(100_000);
    expect(record.watched).to.equal(500);
    expect(Object.keys(record.states)[0]).to.match(/^499-/);
    expect(record.states[names[499] ?? ""]?.at(-1)).to.deep.equal([1_999 * 2_000, "ALARM"]);
  });
});
