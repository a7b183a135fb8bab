import { expect } from "chai";
import { type Deployed, deployed, eventually, invoke } from "./deployed.ts";

type Health = { status: string; version: string; timestamp: string };
type Item = { id: string; url: string; title: string; publishedAt: string; score?: number; label?: string };
type Listed = { items: Item[]; count: number; next: string | null };
type Summary = { items: number; scored: number; positive: number; neutral: number; negative: number };
type Counts = { fetched: number; stored: number; known: number; skipped: number; release: string };

describe("the deployed service", function () {
  this.timeout(15_000);
  let service: Deployed;
  const list = async (query = "limit=100") => (await service.ask(`/api/items?${query}`)).body as Listed;

  before(() => {
    service = deployed();
  });

  it("refuses everything but its page without the key and with a wrong one", async () => {
    for (const path of ["/health", "/api/items", "/api/summary"]) {
      expect((await service.ask(path, null)).status, path).to.equal(401);
      expect((await service.ask(path, "not-the-key")).status, path).to.equal(401);
    }
  });

  it("answers /health with the release that was deployed, within 5 s", async () => {
    const { status, body, ms } = await service.ask("/health");
    expect(status).to.equal(200);
    const health = body as Health;
    expect(health.status).to.equal("healthy");
    expect(health.version).to.equal(service.sha);
    expect(Date.parse(health.timestamp)).to.be.a("number").and.not.NaN;
    expect(ms).to.be.below(5_000);
  });

  it("takes news in, lists it newest first, and scores it", async () => {
    const counts = await invoke<Counts>(service, "ingestion");
    expect(counts.release).to.equal(service.sha);
    expect(counts.fetched).to.equal(counts.stored + counts.known + counts.skipped);
    expect(counts.fetched).to.be.above(0);
    const items = await eventually("every listed item is scored", async () => {
      const found = (await list()).items;
      return found.length > 0 && found.every(({ label }) => label !== undefined) && found;
    });
    for (const { id, url, title, score } of items) {
      expect(id).to.match(/^[0-9a-f]{64}$/);
      expect(url).to.match(/^https?:\/\//);
      expect(title).to.be.a("string").and.not.equal("");
      expect(score).to.be.within(-1, 1);
    }
    const times = items.map(({ publishedAt }) => publishedAt);
    expect(times).to.deep.equal(times.toSorted().toReversed());
  });

  it("takes the same news in only once", async () => {
    expect((await invoke<Counts>(service, "ingestion")).known).to.be.above(0);
    const urls = (await list()).items.map(({ url }) => url);
    expect(urls).to.deep.equal([...new Set(urls)]);
  });

  it("goes on with the list where it ended", async () => {
    // Pages so short that any day's news fill more than one.
    const whole = (await list("limit=4")).items.map(({ id }) => id);
    const first = await list("limit=2");
    expect(first.next).to.be.a("string");
    const rest = (await list(`limit=2&after=${first.next}`)).items;
    expect([...first.items, ...rest].map(({ id }) => id)).to.deep.equal(whole);
  });

  it("sums the news up", async () => {
    const { status, body } = await service.ask("/api/summary?days=7");
    expect(status).to.equal(200);
    const { items, scored, positive, neutral, negative } = body as Summary;
    expect(items).to.be.above(0);
    expect(positive + neutral + negative).to.equal(scored);
  });

  it("shows its page to anybody, who may run nothing in it but its own script", async () => {
    const { status, headers, body } = await service.ask("/", null);
    expect(status).to.equal(200);
    expect(headers["content-type"]).to.equal("text/html; charset=utf-8");
    expect(headers["content-security-policy"]).to.match(/default-src 'none'; script-src 'sha256-[^']+';/);
    expect(body).to.be.a("string").that.includes("<title>");
  });

  for (const [what, path, request, status] of [
    ["a limit that is none", "/api/items?limit=0", {}, 400],
    ["a made-up place in the list", "/api/items?after=%00%3Cscript%3E", {}, 400],
    ["days that are none", "/api/summary?days=1e9", {}, 400],
    ["a path that is not there", "/../etc/passwd", {}, 404],
    ["another method", "/health", { method: "POST", body: "{not JSON" }, 405],
    ["a megabyte", "/api/items", { method: "POST", body: "x".repeat(1_000_000) }, 413],
  ] as const) {
    it(`refuses ${what} with ${status}, and tells nothing of its inside`, async () => {
      const answer = await service.ask(path, undefined, request);
      expect(answer.status).to.equal(status);
      expect(answer.body).to.have.nested.property("error.code").that.is.a("string");
      expect(JSON.stringify(answer.body)).to.not.match(/\bat \S+:\d+|node_modules|Error:|arn:aws/);
    });
  }
});
