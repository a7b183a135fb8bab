import { expect } from "chai";
import { type Ingestion, ingest } from "../../../lambdas/ingestion/ingest.ts";
import type { Article } from "../../../lambdas/ingestion/news.ts";
import type { Item } from "../../../lambdas/item.ts";

const article = (name: string): Article => ({ title: name, url: `https://news.example.com/${name}` });

/** A table in memory that behaves as the real one: an item is stored once. */
function tableOf(articles: Article[]) {
  const stored = new Map<string, Item>();
  const notified: string[][] = [];
  const ingestion: Ingestion = {
    fetchNews: async () => articles,
    storeNew: async (items) => items.filter((item) => !stored.has(item.id) && stored.set(item.id, item)),
    notify: async (ids) => {
      notified.push(ids);
    },
    retentionDays: 30,
    now: () => 0,
  };
  return { ingestion, stored, notified };
}

describe("an ingestion", () => {
  it("stores what is new and announces it in one message", async () => {
    const { ingestion, stored, notified } = tableOf([article("a"), article("b")]);
    expect(await ingest(ingestion)).to.deep.equal({ fetched: 2, stored: 2, known: 0, skipped: 0 });
    expect(notified).to.deep.equal([[...stored.keys()]]);
  });

  it("changes and announces nothing the second time", async () => {
    const { ingestion, stored, notified } = tableOf([article("a"), article("b")]);
    await ingest(ingestion);
    expect(await ingest(ingestion)).to.deep.equal({ fetched: 2, stored: 0, known: 2, skipped: 0 });
    expect(stored.size).to.equal(2);
    expect(notified).to.have.length(1);
  });

  it("counts what is of no use, and what came twice", async () => {
    const { ingestion, stored } = tableOf([
      article("a"),
      article("a"),
      { title: "no URL" },
      { url: "no title" },
    ]);
    expect(await ingest(ingestion)).to.deep.equal({ fetched: 4, stored: 1, known: 1, skipped: 2 });
    expect(stored.size).to.equal(1);
  });

  it("of nothing is no error", async () => {
    const { ingestion, notified } = tableOf([]);
    expect(await ingest(ingestion)).to.deep.equal({ fetched: 0, stored: 0, known: 0, skipped: 0 });
    expect(notified).to.deep.equal([]);
  });
});
