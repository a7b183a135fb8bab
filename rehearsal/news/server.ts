import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";
import type { Article } from "../../lambdas/ingestion/news.ts";
import { bulk } from "./bulk.ts";

/** Any key does, as long as there is one: what is rehearsed is that the service brings it. */
const KEY_HEADER = "x-api-key";

export type NewsServer = { url: string; close(): Promise<void> };

/**
 * Serves what NewsAPI's `everything` would, from the files beside this one: `?q=<name>` picks `<name>.json`, `bulk` gives
 * a hundred articles and `bulk-<n>` that many, and any other query gets the happy file. The articles are of today.
 */
export async function startNews(
  options: { port?: number; host?: string; now?: () => number } = {},
): Promise<NewsServer> {
  const { host = "127.0.0.1", now = Date.now } = options;
  const server = createServer((request, response) => {
    answer(request, response, now()).catch((error) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${port}/v2/everything`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, now: number): Promise<void> {
  const url = new URL(request.url ?? "/", "http://news");
  if (url.pathname !== "/v2/everything")
    return send(response, 404, error("notFound", "There is nothing here."));
  if (!request.headers[KEY_HEADER]) {
    return send(response, 401, error("apiKeyMissing", "Your API key is missing."));
  }
  const query = url.searchParams.get("q");
  if (!query) return send(response, 400, error("parametersMissing", "Required parameters are missing: q."));
  const { status, body } = await fixture(query, now);
  send(response, status, paged(body, url));
}

type Body = { status: string; totalResults?: number; articles?: Article[] };
type Fixture = { asOf: string; status: number; body: Body };

async function fixture(query: string, now: number): Promise<Omit<Fixture, "asOf">> {
  const many = /^bulk(?:-(\d{1,4}))?$/.exec(query);
  if (many) {
    const articles = bulk(Number(many[1] ?? 100), now);
    return { status: 200, body: { status: "ok", totalResults: articles.length, articles } };
  }
  return await written(/^[a-z-]+$/.test(query) ? query : "happy", now);
}

// The page lists a week: old news would not be on it, and a URL seen before is no news.
async function written(name: string, now: number): Promise<Fixture> {
  const text = await read(name).catch(() => read("happy"));
  const found = JSON.parse(text.replaceAll("{day}", new Date(now).toISOString().slice(0, 10))) as Fixture;
  for (const article of found.body.articles ?? []) {
    const age = Date.parse(found.asOf) - Date.parse(article.publishedAt ?? "");
    if (Number.isNaN(age)) continue;
    article.publishedAt = new Date(now - age).toISOString().replace(/\.\d+Z/, "Z");
  }
  return found;
}

/** The articles of one page, as the real service cuts them. */
function paged(body: Body, url: URL): Body {
  if (!body.articles) return body;
  const size = Math.min(100, Number(url.searchParams.get("pageSize") ?? 100));
  const first = (Number(url.searchParams.get("page") ?? 1) - 1) * size;
  return { ...body, articles: body.articles.slice(first, first + size) };
}

function read(name: string): Promise<string> {
  return readFile(new URL(`${name}.json`, import.meta.url), "utf8");
}

function error(code: string, message: string) {
  return { status: "error", code, message };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" }).end(JSON.stringify(body));
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { port: { type: "string" }, host: { type: "string" } } });
  const { url } = await startNews({ port: Number(values.port ?? 0), host: values.host });
  process.stdout.write(`${url}\n`);
}
