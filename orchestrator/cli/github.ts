import type { GitHubAccess } from "../adapters/github-client.ts";
import { githubProblem } from "../github/problems.ts";
import { secrets } from "./secrets.ts";

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])$/;

/**
 * How to reach the repository on GitHub, from the variables that a workflow has: GITHUB_REPOSITORY, GITHUB_TOKEN, and
 * GITHUB_API_URL where it is not GitHub's public one. Throws github-repository-unknown, -token-missing, -address-invalid.
 */
export function githubAccess(variables: NodeJS.ProcessEnv = process.env): GitHubAccess {
  const { GITHUB_REPOSITORY = "", GITHUB_TOKEN: token = "" } = variables;
  const url = variables.GITHUB_API_URL || "https://api.github.com";
  const [, owner, repo] = /^([\w.-]+)\/([\w.-]+)$/.exec(GITHUB_REPOSITORY) ?? [];
  if (owner === undefined || repo === undefined) throw githubProblem("github-repository-unknown", {});
  if (token.trim() === "") throw githubProblem("github-token-missing", {});
  secrets.know(token);
  requireSafe(url);
  return { url, token: token.trim(), owner, repo, redact: secrets.redact };
}

/** Whether it is a stand-in for GitHub that runs here. */
export const isOnThisMachine = (url: string): boolean =>
  URL.canParse(url) && LOOPBACK.test(new URL(url).hostname);

function requireSafe(url: string): void {
  const { protocol = "" } = URL.canParse(url) ? new URL(url) : {};
  if (protocol !== "https:" && !(protocol === "http:" && isOnThisMachine(url)))
    throw githubProblem("github-address-invalid", {});
}
