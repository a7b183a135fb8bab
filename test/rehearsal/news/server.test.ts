import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { type NewsServer, startNews } from "../../../rehearsal/news/server.ts";

const NOW = Date.UTC(2031, 4, 6, 12);

type Body = { status: string; totalResults: number; articles: { url: string; publishedAt: string }[] };

describe("the rehearsed news service", () => {
  let news: NewsServer;
  const get = (query: string, headers: Record<string, string> = { "x-api-key": "any" }) =>
    fetch(`${news.url}${query}`, { headers });

  before(async () => {
    news = await startNews({ now: () => NOW });
  });
  after(() => news.close());

  it("has news of today, whenever that is", async () => {
    const { status, totalResults, articles } = (await (await get("?q=technology")).json()) as Body;
    expect({ status, totalResults }).to.deep.equal({ status: "ok", totalResults: articles.length });
    for (const { url, publishedAt } of articles) {
      expect(url).to.include("/2031-05-06/");
      expect(NOW - Date.parse(publishedAt)).to.be.within(0, 24 * 3600_000);
    }
  });

  it("asks for a key", async () => {
    expect((await get("?q=technology", {})).status).to.equal(401);
  });

  it("asks for a query", async () => {
    expect((await get("")).status).to.equal(400);
  });

  it("answers a query that is named as a case with that case", async () => {
    expect((await get("?q=rate-limited")).status).to.equal(429);
    expect(((await (await get("?q=empty")).json()) as Body).articles).to.deep.equal([]);
  });

  it("reads no file outside its own folder", async () => {
    const { articles } = (await (await get("?q=../../package")).json()) as Body;
    expect(articles).to.have.length(5);
  });

  it("runs by itself and says where", async () => {
    const script = fileURLToPath(new URL("../../../rehearsal/news/server.ts", import.meta.url));
    const child = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
    try {
      const [line] = (await once(child.stdout, "data")) as [Buffer];
      const response = await fetch(`${String(line).trim()}?q=any`, { headers: { "x-api-key": "any" } });
      expect(response.status).to.equal(200);
    } finally {
      child.kill();
      await once(child, "exit");
    }
  });
});
