import type { GitHubAccess } from "../../orchestrator/adapters/github-client.ts";
import { actionRoutes } from "./github/actions.ts";
import { commentRoutes } from "./github/comments.ts";
import { commitRoutes } from "./github/commits.ts";
import { deploymentRoutes } from "./github/deployments.ts";
import { type Answer, ApiServer, type Fault } from "./github/http.ts";
import { pullRoutes } from "./github/pulls.ts";
import { settingsRoutes } from "./github/settings.ts";
import { State } from "./github/state.ts";

/** The shape of a real token, and no token of anybody's. */
export const TOKEN = `ghs_${"exampleExample".repeat(3)}`;

export type FakeGitHub = {
  /** What GITHUB_API_URL must say. */
  url: string;
  state: State;
  server: ApiServer;
  access: GitHubAccess;
  /** Lets GitHub answer otherwise, once or some times; the request is `METHOD /path`. */
  breaks(on: RegExp, answer: Fault["answer"], times?: number): void;
  close(): void;
};

/**
 * GitHub on this machine: an HTTP server in the shapes of its REST API, with a real git repository behind it. Octokit
 * itself talks to it. Its clock moves by a second whenever something happens.
 */
export async function startGitHub(): Promise<FakeGitHub> {
  const state = new State();
  const routes = [
    actionRoutes,
    pullRoutes,
    commitRoutes,
    commentRoutes,
    deploymentRoutes,
    settingsRoutes,
  ].flatMap((each) => each(state));
  const server = new ApiServer(TOKEN, routes);
  const url = await server.listen();
  const [owner = "", repo = ""] = state.fullName.split("/");
  return {
    url,
    state,
    server,
    access: {
      url,
      token: TOKEN,
      owner,
      repo,
      redact: (text) => text.replaceAll(TOKEN, "[redacted]"),
      second: 1,
    },
    breaks: (on, answer, times = 1) => void server.faults.push({ on, answer, times }),
    close() {
      server.close();
      state.repository.close();
    },
  };
}

/** GitHub's answers when it takes no more requests, or does not work. */
export const limited = (resetAt: number): Answer => ({
  status: 403,
  body: {
    message: "API rate limit exceeded for installation ID 1.",
    documentation_url: "https://docs.github.com/rest",
  },
  headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(Math.ceil(resetAt / 1_000)) },
});
export const limitedForNow = (seconds: number, status = 403): Answer => ({
  status,
  body: {
    message: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
  },
  headers: { "retry-after": String(seconds) },
});
export const broken = (status: number): Answer => ({ status, body: { message: "Server Error" } });
export const forbidden: Answer = { status: 403, body: { message: "Resource not accessible by integration" } };
