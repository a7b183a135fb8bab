import type { Item } from "../item.ts";
import { itemOf } from "./article.ts";
import type { Article } from "./news.ts";

/** What ingestion needs from outside. */
export type Ingestion = {
  fetchNews: () => Promise<Article[]>;
  /** Stores the items that are not there yet and returns those. */
  storeNew: (items: Item[]) => Promise<Item[]>;
  /** Tells the subscribers the ids of new items. */
  notify: (ids: string[]) => Promise<void>;
  retentionDays: number;
  now: () => number;
};

/** How many articles came, and what became of them: `fetched` = `stored` + `known` + `skipped`. */
export type Counts = { fetched: number; stored: number; known: number; skipped: number };

/** Takes what the news service has, once: new items are stored and announced, known ones left alone. */
export async function ingest(ingestion: Ingestion): Promise<Counts> {
  const articles = await ingestion.fetchNews();
  const now = ingestion.now();
  const items = articles.flatMap(
    (article) => itemOf(article, { now, retentionDays: ingestion.retentionDays }) ?? [],
  );
  const stored = await ingestion.storeNew(items);
  if (stored.length > 0) await ingestion.notify(stored.map(({ id }) => id));
  return {
    fetched: articles.length,
    stored: stored.length,
    known: items.length - stored.length,
    skipped: articles.length - items.length,
  };
}
