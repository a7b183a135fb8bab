import { expect } from "chai";
import { type Ingestion, ingest } from "../../../lambdas/ingestion/ingest.ts";
import { type Article, NewsError } from "../../../lambdas/ingestion/news.ts";
import type { Item } from "../../../lambdas/item.ts";

const article = (name: string): Article => ({ title: name, url: `https://news.example.com/${name}` });
const articles = (count: number) => Array.from({ length: count }, (_, index) => article(`n${index}`));
const NOTHING = { fetched: 0, stored: 0, known: 0, skipped: 0, announced: 0, rateLimited: false };

/** A table and a topic in memory that behave as the real ones: an item is stored once, and says if it was announced. */
function worldOf(all: Article[]) {
  const stored = new Map<string, Item>();
  const notified: string[][] = [];
  const asked: number[] = [];
  const ingestion: Ingestion = {
    fetchPage: async (page) => {
      asked.push(page);
      return { articles: all.slice((page - 1) * 100, page * 100), total: all.length };
    },
    store: async (item) => {
      const there = stored.get(item.id);
      if (!there) stored.set(item.id, { ...item });
      return there ? (there.announcedAt ? "known" : "unannounced") : "new";
    },
    announce: async (ids) => {
      notified.push(ids);
      return ids;
    },
    markAnnounced: async (id) => {
      (stored.get(id) as Item).announcedAt = "now";
    },
    pages: 10,
    retentionDays: 30,
    now: () => 0,
  };
  return { ingestion, stored, notified, asked };
}

describe("an ingestion", () => {
  it("stores what is new and announces each item once, ten at a time", async () => {
    const { ingestion, stored, notified } = worldOf(articles(25));
    expect(await ingest(ingestion)).to.deep.equal({ ...NOTHING, fetched: 25, stored: 25, announced: 25 });
    expect(notified.map(({ length }) => length)).to.deep.equal([10, 10, 5]);
    expect(notified.flat()).to.deep.equal([...stored.keys()]);
  });

  it("changes and announces nothing the second time", async () => {
    const { ingestion, stored, notified } = worldOf(articles(12));
    await ingest(ingestion);
    expect(await ingest(ingestion)).to.deep.equal({ ...NOTHING, fetched: 12, known: 12 });
    expect(stored.size).to.equal(12);
    expect(notified.flat()).to.have.length(12);
  });

  it("counts what is of no use, and what came twice", async () => {
    const all = [article("a"), article("a"), { title: "no URL" }, { url: "https://no.title" }];
    const { ingestion, stored } = worldOf(all);
    const counts = { ...NOTHING, fetched: 4, stored: 1, announced: 1, known: 1, skipped: 2 };
    expect(await ingest(ingestion)).to.deep.equal(counts);
    expect(stored.size).to.equal(1);
  });

  it("of nothing is no error", async () => {
    const { ingestion, notified } = worldOf([]);
    expect(await ingest(ingestion)).to.deep.equal(NOTHING);
    expect(notified).to.deep.equal([]);
  });

  it("reads as many pages as there are, and no more than it may", async () => {
    const { ingestion, asked } = worldOf(articles(250));
    expect((await ingest(ingestion)).fetched).to.equal(250);
    expect(asked).to.deep.equal([1, 2, 3]);
    expect((await ingest({ ...ingestion, pages: 2 })).fetched).to.equal(200);
  });

  it("announces in the next run what a run that died had stored", async () => {
    const world = worldOf(articles(3));
    const { announce } = world.ingestion;
    world.ingestion.announce = async () => Promise.reject(new Error("the topic is gone"));
    expect(await ingest(world.ingestion).catch((error: Error) => error.message)).to.equal(
      "the topic is gone",
    );
    world.ingestion.announce = announce;
    expect(await ingest(world.ingestion)).to.deep.equal({
      ...NOTHING,
      fetched: 3,
      known: 3,
      announced: 3,
    });
    expect(world.notified.flat()).to.have.members([...world.stored.keys()]);
  });

  it("marks what was accepted, fails for the rest, and announces only that again", async () => {
    const world = worldOf(articles(3));
    const { announce } = world.ingestion;
    world.ingestion.announce = async (ids) => announce(ids.slice(0, 2));
    expect(await ingest(world.ingestion).catch((error: Error) => error.message)).to.equal(
      "1 of 3 new items could not be announced.",
    );
    world.ingestion.announce = announce;
    expect((await ingest(world.ingestion)).announced).to.equal(1);
    expect(new Set(world.notified.flat()).size).to.equal(3);
  });

  it("keeps what it has when the service wants to be left alone, and says so", async () => {
    const world = worldOf(articles(150));
    const { fetchPage } = world.ingestion;
    world.ingestion.fetchPage = async (page) => {
      if (page === 2) throw new NewsError(429, "rateLimited");
      return fetchPage(page);
    };
    const counts = { ...NOTHING, fetched: 100, stored: 100, announced: 100, rateLimited: true };
    expect(await ingest(world.ingestion)).to.deep.equal(counts);
  });

  it("takes the end of what the key's plan allows for the end", async () => {
    const world = worldOf(articles(150));
    const { fetchPage } = world.ingestion;
    world.ingestion.fetchPage = async (page) => {
      if (page === 2) throw new NewsError(426, "maximumResultsReached");
      return fetchPage(page);
    };
    expect((await ingest(world.ingestion)).stored).to.equal(100);
  });

  it("fails when the service does", async () => {
    const world = worldOf([]);
    world.ingestion.fetchPage = async () => Promise.reject(new NewsError(500, "unexpectedError"));
    expect(await ingest(world.ingestion).catch((error: Error) => error.message)).to.include(
      "500 unexpectedError",
    );
  });
});
