import { retry } from "@octokit/plugin-retry";
import { throttling } from "@octokit/plugin-throttling";
import { Octokit } from "@octokit/rest";
import { problemOf } from "./github-errors.ts";

/** How to reach a repository on GitHub, and how patient to be. */
export type GitHubAccess = {
  /** `https://api.github.com`, or where else GitHub's API is. */
  url: string;
  token: string;
  owner: string;
  repo: string;
  redact: (text: string) => string;
  /** A limit that ends sooner than this is waited for; a longer one is refused. In seconds. */
  longestWait?: number;
  /** How long one answer may take. In milliseconds. */
  timeout?: number;
  /** How long a second of waiting takes. Tests have less time. In milliseconds. */
  second?: number;
};

/** A job that sleeps until the next hour costs more than one that says when to come again. */
const LONGEST_WAIT = 60;
const TRIES = 2;
const TIMEOUT_MS = 30_000;

const Client = Octokit.plugin(throttling, retry);
export type Client = InstanceType<typeof Client>;

/** Octokit as we want it: patient within bounds, silent, and asking again only what may be asked twice. */
export function githubClient(access: GitHubAccess): Client {
  const { longestWait = LONGEST_WAIT, timeout = TIMEOUT_MS, second = 1_000, url, token } = access;
  const wait = (seconds: number, _options: object, _client: unknown, tried: number) =>
    seconds <= longestWait && tried < TRIES;
  const client = new Client({
    baseUrl: url.replace(/\/+$/, ""),
    auth: token,
    userAgent: "promotion",
    log: { debug() {}, info() {}, warn() {}, error() {} },
    request: { fetch: within(timeout) },
    retry: { retryAfterBaseValue: second },
    throttle: {
      id: `${url} ${access.owner}/${access.repo}`,
      onRateLimit: wait,
      onSecondaryRateLimit: wait,
      retryAfterBaseValue: second,
      ...(second < 1_000 ? { write: AT_ONCE, notifications: AT_ONCE } : {}),
    },
  });
  client.hook.before("request", (options) => {
    // What was lost may have been done all the same: whoever asked looks, and does not ask again blindly.
    if (options.method === "POST") options.request = { ...options.request, retries: 0 };
  });
  rememberAnswers(client);
  return client;
}

/** Octokit keeps a second between writes, as GitHub asks; a fake in the same process needs no such rest. */
const AT_ONCE = {
  key: () => ({
    schedule: (_: object, act: (...given: unknown[]) => unknown, ...given: unknown[]) => act(...given),
  }),
} as never;

const within =
  (timeout: number): typeof fetch =>
  (address, init) =>
    fetch(address, { ...init, signal: AbortSignal.timeout(timeout) });

/** Asks conditionally for what was read before: an answer "not modified" counts against no limit. */
function rememberAnswers(client: Client): void {
  const known = new Map<string, { etag: string; response: unknown }>();
  client.hook.wrap("request", async (request, options) => {
    if (options.method !== "GET") return await request(options);
    const { url } = client.request.endpoint.parse(options as never);
    const before = known.get(url);
    // Octokit's hooks go on with the options that they began with: they are changed, not handed on.
    if (before) options.headers["if-none-match"] = before.etag;
    try {
      const response = await request(options);
      const etag = (response as { headers: { etag?: string } }).headers.etag;
      // A copy: whoever asked may change what he got, and Octokit itself does when it turns pages.
      if (etag) known.set(url, { etag, response: structuredClone(response) });
      return response;
    } catch (error) {
      if (before && (error as { status?: number }).status === 304)
        return structuredClone(before.response) as never;
      throw error;
    }
  });
}

/** Calls GitHub, and throws what it refuses as a problem. */
export async function asking<T>({ redact }: GitHubAccess, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw problemOf(error, redact);
  }
}
