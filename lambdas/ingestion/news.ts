/** An article as NewsAPI's `everything` gives it; any field can be missing or null. */
export type Article = {
  source?: { name?: string | null } | null;
  title?: string | null;
  description?: string | null;
  url?: string | null;
  publishedAt?: string | null;
};

/** One page of the answer, and how many articles there are in all. */
export type Page = { articles: Article[]; total: number };

/** The service answered with an error. `code` is its own word for it, such as `rateLimited`. */
export class NewsError extends Error {
  readonly status: number;
  readonly code: string;
  /** How long the service wants to be left alone, in milliseconds, when it said so. */
  readonly retryAfterMs: number | undefined;

  constructor(status: number, code: string, retryAfterMs?: number) {
    super(`The news service answered ${status} ${code}.`);
    this.status = status;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Whether the service does not know the key, or not any more. */
export const isKeyRefused = (error: unknown): boolean => error instanceof NewsError && error.status === 401;

type Answer = { status?: string; code?: string; articles?: Article[]; totalResults?: number };

const TIMEOUT_MS = 8_000;
export const PAGE_SIZE = 100;

/**
 * One page of the newest articles about `query`, pages counted from 1. Throws a NewsError, or whatever `fetch` throws
 * when the service is not reached within 8 s. https://newsapi.org/docs/endpoints/everything
 */
export async function fetchPage(options: {
  url: string;
  key: string;
  query: string;
  page: number;
  fetch?: typeof fetch;
}): Promise<Page> {
  const url = new URL(options.url);
  url.searchParams.set("q", options.query);
  url.searchParams.set("language", "en");
  url.searchParams.set("sortBy", "publishedAt");
  url.searchParams.set("pageSize", String(PAGE_SIZE));
  url.searchParams.set("page", String(options.page));
  const response = await (options.fetch ?? fetch)(url, {
    headers: { "x-api-key": options.key },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const answer = await answerOf(response);
  if (!response.ok || answer.status !== "ok" || !Array.isArray(answer.articles)) {
    throw new NewsError(response.status, codeOf(answer), retryAfter(response));
  }
  const articles = answer.articles.filter((article) => article !== null && typeof article === "object");
  return { articles, total: Number(answer.totalResults) || articles.length };
}

async function answerOf(response: Response): Promise<Answer> {
  try {
    return ((await response.json()) ?? {}) as Answer;
  } catch {
    throw new NewsError(response.status, "and no JSON");
  }
}

// Their word goes into our log: only if it looks like one.
function codeOf({ code }: Answer): string {
  return typeof code === "string" && /^\w{1,40}$/.test(code) ? code : "without articles";
}

function retryAfter(response: Response): number | undefined {
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  return seconds >= 0 ? seconds * 1000 : undefined;
}
