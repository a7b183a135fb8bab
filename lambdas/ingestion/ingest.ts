import type { Item } from "../item.ts";
import { itemOf } from "./article.ts";
import { NewsError, PAGE_SIZE, type Page } from "./news.ts";
import { isRateLimit } from "./patience.ts";

/** What ingestion needs from outside. */
export type Ingestion = {
  /** Pages are counted from 1. */
  fetchPage: (page: number) => Promise<Page>;
  /** Stores an item unless it is there. Tells what it found: an item that was never announced is as good as new. */
  store: (item: Item) => Promise<"new" | "unannounced" | "known">;
  /** Announces items, at most ten at once. Returns the ids of those that were accepted. */
  announce: (ids: string[]) => Promise<string[]>;
  /** Notes that an item was announced. */
  markAnnounced: (id: string) => Promise<void>;
  pages: number;
  retentionDays: number;
  now: () => number;
};

/**
 * How many articles came, and what became of them: `fetched` = `stored` + `known` + `skipped`. `rateLimited` says that
 * the service wanted to be left alone before all pages were read.
 */
export type Counts = {
  fetched: number;
  stored: number;
  known: number;
  skipped: number;
  announced: number;
  rateLimited: boolean;
};

const AT_ONCE = 10;

/**
 * Takes what the news service has, once: new items are stored and announced, known ones left alone. Items go in batches
 * of ten, stored and then announced, so that what a dying run leaves behind is small; the next run announces it.
 */
export async function ingest(ingestion: Ingestion): Promise<Counts> {
  const counts = { fetched: 0, stored: 0, known: 0, skipped: 0, announced: 0, rateLimited: false };
  const seen = new Set<string>();
  for (let page = 1; page <= ingestion.pages; page++) {
    const answer = await nextPage(ingestion, page);
    if (answer === "end") break;
    if (answer === "rate-limited") {
      counts.rateLimited = true;
      break;
    }
    await take(answer, ingestion, counts, seen);
    if (page * PAGE_SIZE >= answer.total || answer.articles.length === 0) break;
  }
  return counts;
}

async function nextPage({ fetchPage }: Ingestion, page: number): Promise<Page | "end" | "rate-limited"> {
  try {
    return await fetchPage(page);
  } catch (error) {
    // Thrown, this would make Lambda ask again in a minute, which is what the service does not want.
    if (isRateLimit(error)) return "rate-limited";
    // The plan of the key ends here: what the pages before it brought is all there is.
    if (page > 1 && error instanceof NewsError && error.code === "maximumResultsReached") return "end";
    throw error;
  }
}

async function take(
  { articles }: Page,
  ingestion: Ingestion,
  counts: Counts,
  seen: Set<string>,
): Promise<void> {
  const { retentionDays } = ingestion;
  const now = ingestion.now();
  const usable = articles.flatMap((article) => itemOf(article, { now, retentionDays }) ?? []);
  const items = usable.filter(({ id }) => !seen.has(id) && seen.add(id));
  counts.fetched += articles.length;
  counts.skipped += articles.length - usable.length;
  counts.known += usable.length - items.length;
  for (let first = 0; first < items.length; first += AT_ONCE) {
    await takeBatch(items.slice(first, first + AT_ONCE), ingestion, counts);
  }
}

async function takeBatch(batch: Item[], ingestion: Ingestion, counts: Counts): Promise<void> {
  const found = await Promise.all(batch.map(ingestion.store));
  const stored = found.filter((what) => what === "new").length;
  counts.stored += stored;
  counts.known += batch.length - stored;
  const ids = batch.flatMap(({ id }, index) => (found[index] === "known" ? [] : [id]));
  if (ids.length === 0) return;
  const accepted = await ingestion.announce(ids);
  counts.announced += accepted.length;
  await Promise.all(accepted.map(ingestion.markAnnounced));
  if (accepted.length < ids.length) {
    throw new Error(`${ids.length - accepted.length} of ${ids.length} new items could not be announced.`);
  }
}
