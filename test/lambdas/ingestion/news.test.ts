import { expect } from "chai";
import { fetchPage, NewsError } from "../../../lambdas/ingestion/news.ts";
import { startNews } from "../../../rehearsal/news/server.ts";

describe("the news service", () => {
  let news: Awaited<ReturnType<typeof startNews>>;
  const ask = (query: string, { key = "a-key", page = 1 } = {}) =>
    fetchPage({ url: news.url, key, query, page });
  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => "none",
      (error: Error) => error.message,
    );

  before(async () => {
    news = await startNews();
  });
  after(() => news.close());

  it("gives its articles", async () => {
    const { articles, total } = await ask("technology");
    expect(total).to.equal(5);
    expect(articles).to.have.length(5);
    expect(articles[0]).to.include({ title: "Grid storage doubles in a year, and bills fall with it" });
  });

  it("gives one page after the other", async () => {
    const pages = await Promise.all([1, 2, 3].map((page) => ask("bulk-150", { page })));
    expect(pages.map(({ articles }) => articles.length)).to.deep.equal([100, 50, 0]);
    expect(pages.map(({ total }) => total)).to.deep.equal([150, 150, 150]);
    expect(new Set(pages.flatMap(({ articles }) => articles.map(({ url }) => url))).size).to.equal(150);
  });

  it("may have none", async () => {
    expect(await ask("empty")).to.deep.equal({ articles: [], total: 0 });
  });

  it("is told the key and what is asked for, and the key is not in the URL", async () => {
    const asked: [string, RequestInit | undefined][] = [];
    const fetch = async (url: unknown, init?: RequestInit) => {
      asked.push([String(url), init]);
      return Response.json({ status: "ok", articles: [] });
    };
    const url = "https://news.example.com/v2/everything";
    await fetchPage({ url, key: "a-key", query: "a & b", page: 2, fetch });
    const [sent = "", init] = asked[0] ?? [];
    expect(Object.fromEntries(new URL(sent).searchParams)).to.include({ q: "a & b", page: "2" });
    expect(sent).to.not.include("a-key");
    expect(init?.headers).to.deep.equal({ "x-api-key": "a-key" });
    expect(init?.signal).to.be.instanceOf(AbortSignal);
  });

  it("refuses by a code that the error names", async () => {
    expect(await failure(ask("rate-limited"))).to.equal("The news service answered 429 rateLimited.");
    expect(await failure(ask("failing"))).to.equal("The news service answered 500 unexpectedError.");
    expect(await failure(ask("technology", { key: "" }))).to.equal(
      "The news service answered 401 apiKeyMissing.",
    );
  });

  it("says how long it wants to be left alone", async () => {
    const fetch = async () =>
      Response.json(
        { status: "error", code: "rateLimited" },
        { status: 429, headers: { "retry-after": "7" } },
      );
    const failed = await fetchPage({ url: news.url, key: "k", query: "q", page: 1, fetch }).catch(
      (error) => error,
    );
    expect(failed).to.be.instanceOf(NewsError).with.property("retryAfterMs", 7_000);
  });

  for (const [what, response] of [
    ["no JSON", () => new Response("<html>", { status: 502 })],
    ["no articles", () => Response.json({ status: "ok" })],
    ["null", () => Response.json(null)],
    ["a code that is none", () => Response.json({ status: "error", code: "<script>\n" })],
  ] as const) {
    it(`is an error when it answers ${what}`, async () => {
      const fetch = async () => response();
      const asked = fetchPage({ url: news.url, key: "a-key", query: "q", page: 1, fetch });
      expect(await failure(asked)).to.match(
        /^The news service answered \d{3} (and no JSON|without articles)\.$/,
      );
    });
  }

  it("may have articles that are none", async () => {
    const fetch = async () => Response.json({ status: "ok", articles: [null, 7, { title: "one" }] });
    const { articles } = await fetchPage({ url: news.url, key: "k", query: "q", page: 1, fetch });
    expect(articles).to.deep.equal([{ title: "one" }]);
  });
});
