import { parseDuration } from "./duration.ts";

const DAY_MS = 86_400_000;
/** A date alone is the beginning of that day in UTC; a time must say how far it is from UTC. */
const MOMENT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/;

/**
 * Reads when something ends: after a duration such as `12h` or `2d`, or at an ISO date such as `2026-12-24` or
 * `2026-12-24T08:00+01:00`. Undefined when it is none of these, or is not later than now.
 */
export function parseUntil(text: string, now: Date): Date | undefined {
  const given = text.trim();
  const days = /^(\d+)d$/.exec(given)?.[1];
  const ms = days ? Number(days) * DAY_MS : parseDuration(given);
  const end = ms === undefined ? momentOf(given) : new Date(now.getTime() + ms);
  return end && end.getTime() > now.getTime() ? end : undefined;
}

function momentOf(text: string): Date | undefined {
  if (!MOMENT.test(text)) return undefined;
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime())) return undefined;
  // A day that the month does not have would be read as one of the next month.
  const day = new Date(`${text.slice(0, 10)}T00:00Z`);
  return day.getUTCDate() === Number(text.slice(8, 10)) ? moment : undefined;
}
