import { expect } from "chai";
import { itemOf } from "../../../lambdas/ingestion/article.ts";

const NOW = Date.UTC(2025, 10, 20, 12);
const OPTIONS = { now: NOW, retentionDays: 30 };
const ARTICLE = {
  source: { name: "The Example Courier" },
  title: "A title",
  description: "A description",
  url: "https://news.example.com/a",
  publishedAt: "2025-11-19T23:59:59Z",
};

describe("an article", () => {
  it("becomes an item that is known by its URL's digest and ends when its time is over", () => {
    expect(itemOf(ARTICLE, OPTIONS)).to.deep.equal({
      id: "428160c49aa1378fa92e68f179b361560a11e99a4971bf4853f24cf2730c784f",
      url: "https://news.example.com/a",
      title: "A title",
      source: "The Example Courier",
      description: "A description",
      publishedAt: "2025-11-19T23:59:59.000Z",
      day: "2025-11-19",
      ingestedAt: "2025-11-20T12:00:00.000Z",
      expiresAt: NOW / 1000 + 30 * 24 * 3600,
    });
  });

  for (const missing of [{ url: null }, { url: " " }, { title: null }, { title: "" }, { url: undefined }]) {
    it(`is of no use with ${JSON.stringify(missing)}`, () => {
      expect(itemOf({ ...ARTICLE, ...missing }, OPTIONS)).to.equal(undefined);
    });
  }

  for (const publishedAt of [null, undefined, "yesterday", "2025-11-21T00:00:00Z"]) {
    it(`that was published ${publishedAt} counts as of now`, () => {
      expect(itemOf({ ...ARTICLE, publishedAt }, OPTIONS)).to.include({
        publishedAt: "2025-11-20T12:00:00.000Z",
        day: "2025-11-20",
      });
    });
  }

  it("may have no source and no description", () => {
    const item = itemOf({ ...ARTICLE, source: null, description: null }, OPTIONS);
    expect(item).to.include({ source: "unknown" });
    expect(item).to.not.have.property("description");
  });

  it("that was taken back is of no use", () => {
    expect(itemOf({ ...ARTICLE, title: "[Removed]" }, OPTIONS)).to.equal(undefined);
    expect(itemOf({ ...ARTICLE, url: "https://removed.com" }, OPTIONS)).to.equal(undefined);
  });

  for (const url of [
    "javascript:alert(1)",
    "data:text/html,x",
    "ftp://x.example",
    "/relative",
    `https://x.example/${"x".repeat(2_000)}`,
  ]) {
    it(`has no web address in ${url.slice(0, 24)}`, () => {
      expect(itemOf({ ...ARTICLE, url }, OPTIONS)).to.equal(undefined);
    });
  }

  for (const [given, kept] of [
    ['<b>Great</b> news for <a href="x">readers</a>', "Great news for readers"],
    [
      "Profit &amp; loss: the &quot;best&quot;&nbsp;year, it&#39;s said",
      'Profit & loss: the "best" year, it\'s said',
    ],
    ["Prices: 3 < 5 and 7 > 6", "Prices: 3 < 5 and 7 > 6"],
    ["Rockets 🚀 and 𠜎", "Rockets 🚀 and 𠜎"],
    ["two\n  lines", "two lines"],
  ] as const) {
    it(`keeps of ${JSON.stringify(given)} what is for reading`, () => {
      expect(itemOf({ ...ARTICLE, title: given }, OPTIONS)?.title).to.equal(kept);
    });
  }

  it("is cut where it is too long, and not within a character", () => {
    const { title = "" } = itemOf({ ...ARTICLE, title: "🌍".repeat(600) }, OPTIONS) ?? {};
    expect([...title]).to.have.length(500);
    expect(title.isWellFormed()).to.equal(true);
    expect(title.endsWith("🌍…")).to.equal(true);
  });

  it("may have anything where a text should be", () => {
    const odd = { ...ARTICLE, description: { a: 1 }, source: { name: 7 }, publishedAt: [] } as never;
    expect(itemOf(odd, OPTIONS)).to.include({ source: "unknown", publishedAt: "2025-11-20T12:00:00.000Z" });
  });
});
