import { appendFileSync } from "node:fs";
import { octokitGitHub } from "../adapters/octokit-github.ts";
import { type Decision, decideLane } from "../github/lane.ts";
import { readPolicy } from "../github/policy.ts";
import { problem } from "../problems.ts";
import { fullSha } from "../release/git.ts";
import { githubAccess } from "./github.ts";
import { speaker } from "./progress.ts";
import { ROOT } from "./root.ts";

type Options = { sha: string; running?: string; githubOutput?: boolean; json?: boolean };

/** Prints the lane, one word, to stdout and the reasons to stderr. Ends with 0 whichever it is. */
export async function laneCommand({ sha, running, githubOutput, json = false }: Options): Promise<void> {
  const output = githubOutput ? outputFile() : undefined;
  const asked = {
    sha: await fullSha(ROOT, sha),
    running: running === undefined ? undefined : await fullSha(ROOT, running),
  };
  const decision = await decideLane(octokitGitHub(githubAccess()), readPolicy(ROOT), asked);
  if (!json) for (const line of reasons(decision)) speaker(false)(line);
  if (output) appendFileSync(output, `lane=${decision.lane}\n`);
  process.stdout.write(json ? `${JSON.stringify(decision)}\n` : `${decision.lane}\n`);
}

function outputFile(): string {
  const { GITHUB_OUTPUT } = process.env;
  if (GITHUB_OUTPUT) return GITHUB_OUTPUT;
  throw problem("usage", {
    said: "--github-output needs a workflow's variable GITHUB_OUTPUT",
    command: "lane",
  });
}

/** Why, a line each. */
function reasons({ sha, lane, automatic, merges, objections }: Decision): string[] {
  const head = `${sha.slice(0, 7)} goes by ${lane}, because`;
  if (!automatic) return [head, ...objections.map(({ because, code }) => `  ${because} [${code}]`)];
  const updates = merges.flatMap(({ pull, updates: all }) =>
    all.map(
      ({ name, from, to, step }) =>
        `  pull request ${pull} is Dependabot's: ${name} ${from} → ${to} (${step})`,
    ),
  );
  return [
    head,
    ...updates,
    "  all of its commits are signed and Dependabot's, and nothing else came to the branch",
  ];
}
