/** A news item as it is kept in the items table. */
export type Item = {
  /** SHA-256 of the article's URL, in hex. */
  id: string;
  url: string;
  title: string;
  source: string;
  description?: string;
  /** ISO 8601, UTC, to the millisecond: it sorts as text. */
  publishedAt: string;
  /** The UTC day of `publishedAt`: the partition of the index by time. */
  day: string;
  ingestedAt: string;
  /** When the item's notification was accepted; without it the next ingestion announces the item again. */
  announcedAt?: string;
  /** From -1 to 1; with `label` and `model` it is there as soon as the item was analysed. */
  score?: number;
  label?: "positive" | "neutral" | "negative";
  /** What scored, name and version. */
  model?: string;
  /** When DynamoDB may delete the item, in seconds since 1970. */
  expiresAt: number;
};

/** The index of the items table that lists a day's items by time. */
export const BY_TIME = "by-time";

/** The message on the notifications topic that announces one new item. */
export type Announcement = { id: string };
