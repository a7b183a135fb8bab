import { createHash } from "node:crypto";
import type { Item } from "../item.ts";
import type { Article } from "./news.ts";

const DAY_SECONDS = 24 * 3600;
/** What the news service leaves of an article that was taken back. */
const REMOVED = "[Removed]";
/** An item of DynamoDB may have 400 KB; what a page shows is far less. */
const LONGEST = { url: 2_000, title: 500, source: 100, description: 2_000 };

/** The item for an article, or undefined when there is none to make: no web address, no title, or taken back. */
export function itemOf(article: Article, options: { now: number; retentionDays: number }): Item | undefined {
  const url = webAddress(article.url);
  const title = plain(article.title, LONGEST.title);
  if (!url || !title || title === REMOVED) return undefined;
  const description = plain(article.description, LONGEST.description);
  const publishedAt = publication(article.publishedAt, options.now);
  return {
    id: createHash("sha256").update(url).digest("hex"),
    url,
    title,
    source: plain(article.source?.name, LONGEST.source) || "unknown",
    ...(description ? { description } : {}),
    publishedAt,
    day: publishedAt.slice(0, 10),
    ingestedAt: new Date(options.now).toISOString(),
    expiresAt: Math.floor(options.now / 1000) + options.retentionDays * DAY_SECONDS,
  };
}

// The page links to it: an address such as javascript:… must never get that far.
function webAddress(given: unknown): string | undefined {
  const address = typeof given === "string" ? given.trim() : "";
  if (address.length > LONGEST.url || !URL.canParse(address)) return undefined;
  const { protocol, hostname } = new URL(address);
  return /^https?:$/.test(protocol) && hostname !== "removed.com" ? address : undefined;
}

// Publishers leave markup and entities in their texts. This is for reading and scoring, not for safety: whoever shows
// a text still escapes it.
function plain(given: unknown, longest: number): string {
  if (typeof given !== "string") return "";
  const text = given
    .replaceAll(/<\/?[a-z][^>]{0,1000}>/gi, " ")
    .replaceAll(
      /&(amp|lt|gt|quot|nbsp|#0?39);/g,
      (_, name: string) => ENTITIES[name.replace("#0", "#")] ?? " ",
    )
    .replaceAll(/\s+/g, " ")
    .trim();
  // By characters, not by halves of them.
  const characters = [...text.slice(0, 2 * longest + 1)];
  return characters.length > longest ? `${characters.slice(0, longest - 1).join("")}…` : text;
}

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', nbsp: " ", "#39": "'" };

// An article dated in the future would stand on top of the page until that day comes.
function publication(given: unknown, now: number): string {
  const time = typeof given === "string" ? Date.parse(given) : Number.NaN;
  return new Date(Number.isNaN(time) || time > now ? now : time).toISOString();
}
