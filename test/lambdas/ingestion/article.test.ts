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
});
