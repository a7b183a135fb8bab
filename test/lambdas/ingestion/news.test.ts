import { expect } from "chai";
import { fetchNews } from "../../../lambdas/ingestion/news.ts";
import { startNews } from "../../../rehearsal/news/server.ts";

describe("the news service", () => {
  let news: Awaited<ReturnType<typeof startNews>>;
  const ask = (query: string, key = "a-key") => fetchNews({ url: news.url, key, query });
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
    const articles = await ask("technology");
    expect(articles).to.have.length(5);
    expect(articles[0]).to.include({ title: "Grid storage doubles in a year, and bills fall with it" });
  });

  it("may have none", async () => {
    expect(await ask("empty")).to.deep.equal([]);
  });

  it("is told the key and what is asked for, and the key is not in the URL", async () => {
    const asked: [string, RequestInit | undefined][] = [];
    const fetch = async (url: unknown, init?: RequestInit) => {
      asked.push([String(url), init]);
      return Response.json({ status: "ok", articles: [] });
    };
    await fetchNews({ url: "https://news.example.com/v2/everything", key: "a-key", query: "a & b", fetch });
    const [url = "", init] = asked[0] ?? [];
    expect(new URL(url).searchParams.get("q")).to.equal("a & b");
    expect(url).to.not.include("a-key");
    expect(init?.headers).to.deep.equal({ "x-api-key": "a-key" });
    expect(init?.signal).to.be.instanceOf(AbortSignal);
  });

  it("refuses by a code that the error names", async () => {
    expect(await failure(ask("rate-limited"))).to.equal("The news service answered 429 rateLimited.");
    expect(await failure(ask("technology", ""))).to.equal("The news service answered 401 apiKeyMissing.");
  });

  for (const [what, response] of [
    ["no JSON", () => new Response("<html>", { status: 502 })],
    ["no articles", () => Response.json({ status: "ok" })],
    ["null", () => Response.json(null)],
  ] as const) {
    it(`is an error when it answers ${what}`, async () => {
      const fetch = async () => response();
      const asked = fetchNews({ url: news.url, key: "a-key", query: "q", fetch });
      expect(await failure(asked)).to.match(
        /^The news service answered \d{3} (and no JSON|without articles)\.$/,
      );
    });
  }
});
