import { z } from "zod";
import {
  daysLater,
  isZone,
  momentsOf,
  sayMoment,
  type WallTime,
  WEEKDAYS,
  wallTimeIn,
  weekdayOf,
} from "../zoned-time.ts";

/** No weekly window begins earlier than this before the moment that it covers. */
const LOOK_BACK_DAYS = 8;
/** Windows that follow each other without a gap are one freeze; an endless one is told up to here. */
const LONGEST_CHAIN = 100;

/** A time as configured: `18:00`, `Fri 16:00` or `2026-12-23 12:00`. */
type Mark =
  | { kind: "time"; hour: number; minute: number }
  | { kind: "weekday"; weekday: number; hour: number; minute: number }
  | { kind: "date"; wall: WallTime };

const MARK = z.string().transform((text, context): Mark => {
  const mark = parseMark(text);
  if (mark) return mark;
  context.addIssue({
    code: "custom",
    message: `"${text}" is not a time such as "18:00", "Fri 16:00" or "2026-12-23 12:00"`,
  });
  return z.NEVER;
});

const WEEKDAY = z.enum(WEEKDAYS).transform((name) => WEEKDAYS.indexOf(name));

/** A time in which nothing is promoted: each week, on some days, or once; on the clocks of its zone. */
export const FREEZE = z
  .strictObject({
    name: z.string().min(1),
    from: MARK,
    to: MARK,
    zone: z.string().refine(isZone, "is not a time zone such as Europe/Berlin or UTC"),
    /** The days on which a window of mere times begins; every day where it is left out. */
    days: z.array(WEEKDAY).min(1).optional(),
  })
  .superRefine(({ from, to, days }, context) => {
    const object = (path: string, message: string) =>
      context.addIssue({ code: "custom", path: [path], message });
    if (from.kind !== to.kind) object("to", "must be a time of the same kind as from");
    else if (JSON.stringify(from) === JSON.stringify(to)) object("to", "is the same time as from");
    else if (from.kind === "date" && to.kind === "date" && !isBefore(from.wall, to.wall))
      object("to", "is before from");
    if (days && from.kind !== "time") object("days", "belong to a window of mere times, such as 18:00");
  });

export type Freeze = z.infer<typeof FREEZE>;

/** The freeze that covers a moment, and when nothing is frozen any more, in the words of its zone and in UTC. */
export type Frozen = { name: string; until: Date; said: string };

/**
 * The freeze that stands at a moment; undefined when there is none. Where a zone's clocks show a time twice or not at
 * all, a freeze begins at its earliest and ends at its latest meaning.
 */
export function frozen(freezes: readonly Freeze[], now: Date): Frozen | undefined {
  let found: Frozen | undefined;
  let moment = now;
  for (let count = 0; count < LONGEST_CHAIN; count++) {
    const [last] = freezes
      .flatMap((freeze) => endsOver(freeze, moment).map((until) => ({ freeze, until })))
      .sort((one, other) => other.until.getTime() - one.until.getTime());
    if (!last) break;
    const { freeze, until } = last;
    found = { name: found?.name ?? freeze.name, until, said: sayMoment(until, freeze.zone) };
    moment = until;
  }
  return found;
}

/** When the windows of a freeze that cover a moment end. */
function endsOver(freeze: Freeze, moment: Date): Date[] {
  return windowsAround(freeze, moment)
    .map(({ from, to }) => ({
      from: momentsOf(freeze.zone, from).earliest,
      to: momentsOf(freeze.zone, to).latest,
    }))
    .filter(({ from, to }) => from <= moment && moment < to)
    .map(({ to }) => to);
}

type Window = { from: WallTime; to: WallTime };

/** Every window of a freeze that may cover a moment. */
function windowsAround({ from, to, zone, days }: Freeze, moment: Date): Window[] {
  if (from.kind === "date" && to.kind === "date") return [{ from: from.wall, to: to.wall }];
  if (from.kind === "date" || to.kind === "date") return [];
  const today = wallTimeIn(zone, moment);
  const starts = Array.from({ length: LOOK_BACK_DAYS + 2 }, (_, back) => daysLater(today, 1 - back));
  return starts
    .filter((day) => (from.kind === "weekday" ? weekdayOf(day) === from.weekday : startsOn(days, day)))
    .map((day) => ({ from: at(day, from), to: at(daysLater(day, daysUntil(from, to)), to) }));
}

const startsOn = (days: number[] | undefined, day: WallTime) => !days || days.includes(weekdayOf(day));

type Recurring = Exclude<Mark, { kind: "date" }>;

const at = (day: WallTime, { hour, minute }: Recurring): WallTime => ({ ...day, hour, minute });

/** How many days after its beginning a window ends. */
function daysUntil(from: Recurring, to: Recurring): number {
  const later = minutes(to) > minutes(from);
  if (from.kind !== "weekday" || to.kind !== "weekday") return later ? 0 : 1;
  const days = (to.weekday - from.weekday + 7) % 7;
  return days === 0 && !later ? 7 : days;
}

const minutes = ({ hour, minute }: Recurring) => hour * 60 + minute;

const isBefore = (one: WallTime, other: WallTime) => sortable(one) < sortable(other);
const sortable = ({ year, month, day, hour, minute }: WallTime) =>
  Date.UTC(year, month - 1, day, hour, minute);

function parseMark(text: string): Mark | undefined {
  const match = /^(?:([A-Z][a-z]{2}) |(\d{4})-(\d{2})-(\d{2})[ T])?([01]\d|2[0-3]):([0-5]\d)$/.exec(
    text.trim(),
  );
  if (!match) return undefined;
  const [, name, ...numbers] = match;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = numbers.map(Number);
  if (name) {
    const weekday = (WEEKDAYS as readonly string[]).indexOf(name);
    return weekday < 0 ? undefined : { kind: "weekday", weekday, hour, minute };
  }
  if (!numbers[0]) return { kind: "time", hour, minute };
  const wall = { year, month, day, hour, minute };
  const exists = daysLater(wall, 0).month === month && daysLater(wall, 0).day === day;
  return exists ? { kind: "date", wall } : undefined;
}
