import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";

/** Any key does, as long as there is one: what is rehearsed is that the service brings it. */
const KEY_HEADER = "x-api-key";

export type NewsServer = { url: string; close(): Promise<void> };

/**
 * Serves what NewsAPI's `everything` would, from the files beside this one: `?q=<name>` picks `<name>.json`, and any
 * other query gets the happy one. The articles are always of today.
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
  send(response, status, body);
}

type Fixture = { asOf: string; status: number; body: { articles?: { publishedAt: string | null }[] } };

// The page lists a week: old news would not be on it, and a URL seen before is no news.
async function fixture(query: string, now: number): Promise<Fixture> {
  const name = /^[a-z-]+$/.test(query) ? query : "happy";
  const text = await read(name).catch(() => read("happy"));
  const found = JSON.parse(text.replaceAll("{day}", new Date(now).toISOString().slice(0, 10))) as Fixture;
  for (const article of found.body.articles ?? []) {
    if (!article.publishedAt) continue;
    const age = Date.parse(found.asOf) - Date.parse(article.publishedAt);
    article.publishedAt = new Date(now - age).toISOString().replace(/\.\d+Z/, "Z");
  }
  return found;
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
