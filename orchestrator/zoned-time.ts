/** What a clock on a wall shows: a date and a time without a place. */
export type WallTime = { year: number; month: number; day: number; hour: number; minute: number };

const DAY_MS = 86_400_000;

/** Whether the runtime knows a time zone by this name, such as `Europe/Berlin` or `UTC`. */
export function isZone(zone: string): boolean {
  try {
    clockOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** What the clocks of a zone show at a moment. */
export function wallTimeIn(zone: string, moment: Date): WallTime {
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = partsOf(zone, moment);
  return { year, month, day, hour, minute };
}

/**
 * The moments between which a zone's clocks show a wall time. Usually they are one and the same. Where clocks are set
 * back a time is shown twice; where they are set forward it is not shown at all, and lies somewhere between the two.
 */
export function momentsOf(zone: string, wall: WallTime): { earliest: Date; latest: Date } {
  const asUtc = utcOf(wall);
  // A zone's offset changes at most once in these two days.
  const offsets = [offsetIn(zone, asUtc - DAY_MS), offsetIn(zone, asUtc + DAY_MS)];
  const candidates = offsets.map((offset) => asUtc - offset);
  const shown = candidates.filter((moment) => moment + offsetIn(zone, moment) === asUtc);
  const moments = shown.length > 0 ? shown : candidates;
  return { earliest: new Date(Math.min(...moments)), latest: new Date(Math.max(...moments)) };
}

/** The same wall time so many days later; the calendar alone decides, not the length of its days. */
export function daysLater(wall: WallTime, days: number): WallTime {
  const date = new Date(Date.UTC(wall.year, wall.month - 1, wall.day + days));
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
  return { ...wall, year, month, day };
}

/** The day of the week of a wall time: 0 is Sunday. */
export const weekdayOf = (wall: WallTime): number => new Date(utcOf(wall)).getUTCDay();

/** A moment in the words of a zone and in UTC: `Mon 2026-03-30 08:00 Europe/Berlin (2026-03-30T06:00Z)`. */
export function sayMoment(moment: Date, zone: string): string {
  const wall = wallTimeIn(zone, moment);
  const two = (value: number) => String(value).padStart(2, "0");
  const date = `${wall.year}-${two(wall.month)}-${two(wall.day)} ${two(wall.hour)}:${two(wall.minute)}`;
  const utc = `${moment.toISOString().slice(0, 16)}Z`;
  return `${WEEKDAYS[weekdayOf(wall)]} ${date} ${zone} (${utc})`;
}

/** The days of the week as they are written, from Sunday on. */
export const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;

const utcOf = ({ year, month, day, hour, minute }: WallTime) => Date.UTC(year, month - 1, day, hour, minute);

/** By how many milliseconds the clocks of a zone are ahead of UTC at a moment. */
function offsetIn(zone: string, moment: number): number {
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = partsOf(zone, new Date(moment));
  const shown = Date.UTC(year, month - 1, day, hour, minute, second);
  return shown - Math.floor(moment / 1_000) * 1_000;
}

function partsOf(zone: string, moment: Date): Partial<Record<Intl.DateTimeFormatPartTypes, number>> {
  const parts = clockOf(zone).formatToParts(moment);
  return Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]));
}

/** Making one takes longer than all that is then asked of it. */
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  clocks.set(zone, clock);
  return clock;
}
