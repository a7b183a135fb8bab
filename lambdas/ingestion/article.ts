import { createHash } from "node:crypto";
import type { Item } from "../item.ts";
import type { Article } from "./news.ts";

const DAY_SECONDS = 24 * 3600;

/** The item for an article, or undefined when it has no URL or no title: such an article is of no use. */
export function itemOf(article: Article, options: { now: number; retentionDays: number }): Item | undefined {
  const url = article.url?.trim();
  const title = article.title?.trim();
  if (!url || !title) return undefined;
  const publishedAt = publication(article.publishedAt, options.now);
  return {
    id: createHash("sha256").update(url).digest("hex"),
    url,
    title,
    source: article.source?.name?.trim() || "unknown",
    ...(article.description ? { description: article.description } : {}),
    publishedAt,
    day: publishedAt.slice(0, 10),
    ingestedAt: new Date(options.now).toISOString(),
    expiresAt: Math.floor(options.now / 1000) + options.retentionDays * DAY_SECONDS,
  };
}

// An article dated in the future would stand on top of the page until that day comes.
function publication(given: string | null | undefined, now: number): string {
  const time = Date.parse(given ?? "");
  return new Date(Number.isNaN(time) || time > now ? now : time).toISOString();
}
