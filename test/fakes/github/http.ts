import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

/** A request as a route sees it. */
export type Asked = {
  method: string;
  path: string;
  parameters: Record<string, string>;
  query: URLSearchParams;
  // biome-ignore lint/suspicious/noExplicitAny: each route knows what it takes
  body: any;
  headers: IncomingMessage["headers"];
};
export type Answer = { status: number; body?: unknown; headers?: Record<string, string>; text?: string };
export type Route = [method: string, pattern: string, act: (asked: Asked) => Answer];

/** What GitHub does instead of answering, or before, or after it has done what was asked. */
export type Fault = {
  on?: RegExp;
  times?: number;
  answer: Answer | "drop" | "drop-afterwards";
};

export class Refusal extends Error {
  readonly answer: Answer;
  constructor(status: number, message: string, errors?: unknown[]) {
    super(message);
    const documentation_url = "https://docs.github.com/rest";
    this.answer = {
      status,
      body: { message, ...(errors ? { errors } : {}), documentation_url, status: String(status) },
    };
  }
}

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const made = (body: unknown): Answer => ({ status: 201, body });
export const NO_CONTENT: Answer = { status: 204 };
export const notFound = () => new Refusal(404, "Not Found");

/** A list of which a page is shown. `within` names the list where GitHub puts it into a document with its length. */
export class Pages {
  readonly items: unknown[];
  readonly within: string | undefined;
  constructor(items: unknown[], within?: string) {
    this.items = items;
    this.within = within;
  }
}

/** Speaks HTTP as GitHub's REST API does: tokens, pages, ETags, limits and faults; the routes say the rest. */
export class ApiServer {
  readonly requests: Asked[] = [];
  readonly faults: Fault[] = [];
  /** How many requests this token has left. */
  remaining = 5_000;
  reset = Math.floor(Date.now() / 1_000) + 3_600;
  readonly #token: string;
  readonly #routes: { method: string; pattern: RegExp; act: Route[2] }[];
  readonly #server: Server;

  constructor(token: string, routes: Route[]) {
    this.#token = token;
    this.#routes = routes.map(([method, pattern, act]) => ({ method, pattern: compile(pattern), act }));
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = await read(request);
    this.requests.push(asked);
    const fault = this.#faultFor(asked);
    if (fault === "drop") return void request.socket.destroy();
    const answer = fault && fault !== "drop-afterwards" ? fault : this.#answer(asked);
    if (fault === "drop-afterwards") return void request.socket.destroy();
    this.#send(asked, answer, response);
  }

  #faultFor({ method, path }: Asked): Fault["answer"] | undefined {
    const fault = this.faults.find(
      ({ on, times = 1 }) => times > 0 && (on?.test(`${method} ${path}`) ?? true),
    );
    if (fault) fault.times = (fault.times ?? 1) - 1;
    return fault?.answer;
  }

  #answer(asked: Asked): Answer {
    const given = asked.headers.authorization?.replace(/^(token|bearer) /i, "");
    if (given !== this.#token) return new Refusal(401, "Bad credentials").answer;
    if (this.remaining <= 0) return new Refusal(403, "API rate limit exceeded for installation ID 1.").answer;
    try {
      for (const { method, pattern, act } of this.#routes) {
        const match = method === asked.method ? pattern.exec(asked.path) : null;
        if (!match) continue;
        const parameters = Object.entries(match.groups ?? {}).map(([key, value]) => [
          key,
          decodeURIComponent(value),
        ]);
        return act({ ...asked, parameters: Object.fromEntries(parameters) });
      }
      throw notFound();
    } catch (error) {
      if (error instanceof Refusal) return error.answer;
      return { status: 500, body: { message: `the fake is broken: ${String(error)}` } };
    }
  }

  #send(asked: Asked, { status, body, headers = {}, text }: Answer, response: ServerResponse): void {
    const paged = body instanceof Pages ? page(asked, body) : { body, link: undefined };
    const content = text ?? (paged.body === undefined ? "" : JSON.stringify(paged.body));
    const etag = `W/"${createHash("sha256").update(content).digest("hex").slice(0, 32)}"`;
    const unchanged = status === 200 && asked.method === "GET" && asked.headers["if-none-match"] === etag;
    if (!unchanged) this.remaining--;
    response.writeHead(unchanged ? 304 : status, {
      "content-type":
        text === undefined ? "application/json; charset=utf-8" : "application/vnd.github.raw; charset=utf-8",
      "x-ratelimit-limit": "5000",
      "x-ratelimit-remaining": String(Math.max(0, this.remaining)),
      "x-ratelimit-reset": String(this.reset),
      ...(status === 200 ? { etag } : {}),
      ...(paged.link ? { link: paged.link } : {}),
      ...headers,
    });
    response.end(unchanged || status === 204 ? undefined : content);
  }
}

/** GitHub's pages: 30 unless asked, 100 at most, and links to the others. */
function page({ query, path, headers }: Asked, { items, within }: Pages): { body: unknown; link?: string } {
  const size = Math.min(100, Number(query.get("per_page")) || 30);
  const number = Number(query.get("page")) || 1;
  const last = Math.max(1, Math.ceil(items.length / size));
  const shown = items.slice((number - 1) * size, number * size);
  const link = (to: number, rel: string) => {
    const asked = new URLSearchParams(query);
    asked.set("page", String(to));
    return `<http://${headers.host}${path}?${asked}>; rel="${rel}"`;
  };
  const links = number < last ? [link(number + 1, "next"), link(last, "last")] : [];
  return {
    body: within ? { total_count: items.length, [within]: shown } : shown,
    link: links.join(", ") || undefined,
  };
}

async function read(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const url = new URL(request.url ?? "/", "http://github");
  const text = Buffer.concat(chunks).toString();
  const { method = "GET", headers } = request;
  return {
    method,
    path: url.pathname,
    query: url.searchParams,
    headers,
    parameters: {},
    body: text ? JSON.parse(text) : {},
  };
}

/** `:name` is one part of a path, `*name` is all that follows. Parts come encoded. */
const compile = (pattern: string) =>
  new RegExp(`^${pattern.replaceAll(/:(\w+)/g, "(?<$1>[^/]+)").replaceAll(/\*(\w+)/g, "(?<$1>.+)")}$`);
