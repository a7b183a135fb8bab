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
  /** When DynamoDB may delete the item, in seconds since 1970. */
  expiresAt: number;
};

/** The index of the items table that lists a day's items by time. */
export const BY_TIME = "by-time";
