import type { Item } from "../item.ts";

/** What a summary reads of an item; `score` and `label` are missing until it was analysed. */
export type Scored = Pick<Item, "publishedAt" | "source" | "score" | "label">;

export type Tally = { positive: number; neutral: number; negative: number; average: number | null };

/** How the news of some days felt, over time and by source. Times are ISO 8601. */
export type Summary = Tally & {
  from: string;
  to: string;
  bucketHours: number;
  items: number;
  scored: number;
  overTime: (Tally & { start: string })[];
  bySource: (Tally & { source: string; items: number })[];
};

const HOUR_MS = 3600_000;
const MOST_SOURCES = 12;

/** The span that a summary of `days` up to `now` covers, in whole buckets: an hour each for a day, six hours for more. */
export function spanOf(days: number, now: number): { from: number; to: number; bucketMs: number } {
  const bucketMs = days === 1 ? HOUR_MS : 6 * HOUR_MS;
  const to = (Math.floor(now / bucketMs) + 1) * bucketMs;
  return { from: to - days * 24 * HOUR_MS, to, bucketMs };
}

/** Adds up items; those outside of the span do not count. */
export function summarise(all: Scored[], span: ReturnType<typeof spanOf>): Summary {
  const { from, to, bucketMs } = span;
  const items = all.filter(({ publishedAt }) => within(publishedAt, from, to));
  const starts = Array.from({ length: (to - from) / bucketMs }, (_, index) => from + index * bucketMs);
  const sources = Object.entries(Object.groupBy(items, ({ source }) => source)) as [string, Scored[]][];
  return {
    from: iso(from),
    to: iso(to),
    bucketHours: bucketMs / HOUR_MS,
    items: items.length,
    scored: items.filter(({ label }) => label !== undefined).length,
    ...tally(items),
    overTime: starts.map((start) => ({
      start: iso(start),
      ...tally(items.filter(({ publishedAt }) => within(publishedAt, start, start + bucketMs))),
    })),
    bySource: sources
      .map(([source, own]) => ({ source, items: own.length, ...tally(own) }))
      .sort((one, other) => other.items - one.items || one.source.localeCompare(other.source))
      .slice(0, MOST_SOURCES),
  };
}

function tally(items: Scored[]): Tally {
  const count = (wanted: string) => items.filter(({ label }) => label === wanted).length;
  const scores = items.flatMap(({ score }) => score ?? []);
  const sum = scores.reduce((total, score) => total + score, 0);
  return {
    positive: count("positive"),
    neutral: count("neutral"),
    negative: count("negative"),
    average: scores.length > 0 ? Math.round((1000 * sum) / scores.length) / 1000 : null,
  };
}

const within = (time: string, from: number, to: number) => Date.parse(time) >= from && Date.parse(time) < to;
const iso = (time: number) => new Date(time).toISOString();
