import { githubProblem } from "../github/problems.ts";
import type { Problem } from "../problem.ts";

/** What Octokit throws, as far as it is used here. Its request holds headers and is never passed on. */
type Refusal = {
  status?: number;
  message?: string;
  cause?: { code?: string; name?: string };
  request?: { method?: string; url?: string };
  response?: { headers?: Record<string, string | undefined>; data?: unknown };
};

export const isStatus = (error: unknown, ...statuses: number[]): boolean =>
  statuses.includes((error as Refusal)?.status ?? 0);

/** What GitHub said, without what Octokit puts around it. */
export const saidBy = (error: unknown): string => {
  const { response, message = "" } = error as Refusal;
  const data = response?.data as { message?: string; errors?: { message?: string }[] } | undefined;
  const details = data?.errors?.flatMap((each) => each?.message ?? []) ?? [];
  return [data?.message ?? message, ...details].join("; ");
};

/** A problem in our words for what GitHub refused, made without the request that it refused. */
export function problemOf(error: unknown, redact: (text: string) => string): unknown {
  const { status, request, response } = error as Refusal;
  if (status === undefined || request === undefined) return error;
  const asked = `${request.method ?? "GET"} ${pathOf(request.url ?? "")}`;
  const said = redact(saidBy(error));
  const limited = until(error as Refusal);
  if (limited) return githubProblem("github-limits", { asked, until: limited });
  return ofStatus(response === undefined ? 0 : status, { asked, said });
}

function ofStatus(status: number, p: { asked: string; said: string }): Problem {
  if (status === 0) return githubProblem("github-unreachable", p);
  if (status === 401) return githubProblem("github-token-refused", p);
  if (status === 403) return githubProblem("github-forbids", p);
  if (status === 404 || status === 410) return githubProblem("github-lacks", p);
  return status >= 500 ? githubProblem("github-fails", p) : githubProblem("github-refuses", p);
}

/** When requests are taken again, if it is a limit that was met: the time that GitHub names, else a minute from its own clock. */
function until({ status, message = "", response }: Refusal): string | undefined {
  const headers = response?.headers ?? {};
  if (status !== 403 && status !== 429) return undefined;
  const primary = headers["x-ratelimit-remaining"] === "0";
  const wait = headers["retry-after"];
  if (!primary && wait === undefined && status === 403 && !/rate limit/i.test(message)) return undefined;
  if (wait === undefined && primary && headers["x-ratelimit-reset"])
    return iso(Number(headers["x-ratelimit-reset"]) * 1_000);
  const asked = Date.parse(headers.date ?? "") || Date.now();
  return iso(asked + (Number(wait) || 60) * 1_000);
}

const iso = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");

/** The path alone: a query may say more than a log should. */
const pathOf = (url: string) => (URL.canParse(url) ? new URL(url).pathname : url.split("?")[0]);
