/** An article as NewsAPI's `everything` gives it; any field can be missing or null. */
export type Article = {
  source?: { name?: string | null } | null;
  title?: string | null;
  description?: string | null;
  url?: string | null;
  publishedAt?: string | null;
};

type Answer = { status?: string; code?: string; message?: string; articles?: Article[] };

const TIMEOUT_MS = 10_000;
const PAGE_SIZE = 100;

/**
 * The newest articles about `query`, at most 100. Rejects when the service is not reached within 10 s or answers
 * with an error. https://newsapi.org/docs/endpoints/everything
 */
export async function fetchNews(options: {
  url: string;
  key: string;
  query: string;
  fetch?: typeof fetch;
}): Promise<Article[]> {
  const url = new URL(options.url);
  url.searchParams.set("q", options.query);
  url.searchParams.set("language", "en");
  url.searchParams.set("sortBy", "publishedAt");
  url.searchParams.set("pageSize", String(PAGE_SIZE));
  const response = await (options.fetch ?? fetch)(url, {
    headers: { "x-api-key": options.key },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const answer = await answerOf(response);
  if (!response.ok || answer.status !== "ok" || !Array.isArray(answer.articles)) {
    throw new Error(`The news service answered ${response.status} ${answer.code ?? "without articles"}.`);
  }
  return answer.articles;
}

async function answerOf(response: Response): Promise<Answer> {
  try {
    return ((await response.json()) ?? {}) as Answer;
  } catch (cause) {
    throw new Error(`The news service answered ${response.status} and no JSON.`, { cause });
  }
}
