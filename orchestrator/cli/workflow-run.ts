import { appendFileSync } from "node:fs";
import { deploymentRecorder, type Recorder } from "../github/recorder.ts";
import { runPage } from "../github/run-page.ts";
import { type Tell, unbreakable } from "../promotion/progress.ts";
import { githubAccess, isOnThisMachine } from "./github.ts";
import { speaker } from "./progress.ts";

/** A promotion has ended by then: GitHub's record of it is worth this much of a job's time, and no more. In milliseconds. */
const PATIENCE_MS = 10_000;

/** What listens to a promotion on behalf of the workflow that runs it. */
export type WorkflowRun = { tell: Tell; settled(): Promise<void> };

/**
 * In a workflow, a promotion is recorded as a deployment on GitHub, shown in the run's summary, and marked where it failed. Elsewhere
 * nothing is done. A rehearsal is recorded only where GitHub is rehearsed as well. Nothing of it can fail a promotion.
 */
export async function workflowRun(
  { local = false, json = false }: { local?: boolean; json?: boolean },
  variables: NodeJS.ProcessEnv = process.env,
): Promise<WorkflowRun> {
  const { GITHUB_ACTIONS, GITHUB_STEP_SUMMARY: summary } = variables;
  if (GITHUB_ACTIONS !== "true") return { tell() {}, async settled() {} };
  const say = speaker(json);
  const recorder = await recorderFor(local, say, variables);
  const page = runPage(({ markdown, annotation }) => {
    if (annotation) process.stderr.write(`${annotation}\n`);
    if (summary) appendFileSync(summary, markdown);
  });
  const listeners = [unbreakable(page), ...(recorder ? [unbreakable(recorder.tell)] : [])];
  return {
    tell: (progress) => {
      for (const each of listeners) each(progress);
    },
    settled: async () => await recorder?.settled(PATIENCE_MS),
  };
}

async function recorderFor(
  local: boolean,
  say: (text: string) => void,
  variables: NodeJS.ProcessEnv,
): Promise<Recorder | undefined> {
  if (!variables.GITHUB_TOKEN) return undefined;
  try {
    const access = { ...githubAccess(variables), longestWait: 2, timeout: PATIENCE_MS / 2 };
    if (local && !isOnThisMachine(access.url)) return undefined;
    const { octokitGitHub } = await import("../adapters/octokit-github.ts");
    return deploymentRecorder(octokitGitHub(access), { url: runUrl(variables), say });
  } catch (error) {
    say(`GitHub gets no record of this promotion: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

const runUrl = ({ GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID }: NodeJS.ProcessEnv): string =>
  GITHUB_RUN_ID
    ? `${GITHUB_SERVER_URL ?? "https://github.com"}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`
    : "";

/** Two listeners as one. */
export const both =
  (one: Tell, other: Tell): Tell =>
  (progress) => {
    one(progress);
    other(progress);
  };
