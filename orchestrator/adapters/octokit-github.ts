import type { GitHub } from "../ports/github.ts";
import { type GitHubAccess, githubClient } from "./github-client.ts";
import { githubCommits } from "./github-commits.ts";
import { githubDeployments } from "./github-deployments.ts";
import { githubPulls } from "./github-pulls.ts";

/** A repository on GitHub, by Octokit. */
export function octokitGitHub(access: GitHubAccess): GitHub {
  const client = githubClient(access);
  return {
    ...githubCommits(client, access),
    ...githubPulls(client, access),
    ...githubDeployments(client, access),
  };
}
