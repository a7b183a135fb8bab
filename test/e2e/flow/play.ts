import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { readRepositoryFile } from "../../../orchestrator/github/repository-file.ts";
import type { FakeGitHub } from "../../fakes/github-server.ts";
import { filledIn, runsBy } from "./expression.ts";
import { notGranted } from "./grants.ts";
import { givenBy, type Runner, runJob } from "./job.ts";
import { before, inOrder, type Job, readWorkflow, startsOn, type Workflow } from "./workflow.ts";
import { emptyWorkspace } from "./workspace.ts";

export type Result = "success" | "failure" | "skipped" | "waiting";
export type JobRun = {
  result: Result;
  environment: string | undefined;
  log: string;
  summary: string;
  outputs: Record<string, string>;
};
export type Run = {
  id: number;
  workflow: string;
  jobs: Record<string, JobRun>;
  /** The result of each job. */
  results(): Record<string, Result>;
  /** The same under the names that the rules of a branch know. */
  checks(): Record<string, Result>;
  /** Says yes to the job that waits for a person, and goes on. */
  approve(): Promise<void>;
  /** Does one job once more. */
  again(name: string): Promise<void>;
};

export type Event = {
  name: string;
  actor: string;
  sha: string;
  payload?: object;
  /** Results of jobs that are not done here. */
  given?: Record<string, Result>;
};

let runs = 0;

/** Does a workflow as GitHub would, one job after the other; where an environment asks for a person, it waits. */
export async function play(runner: Runner, at: FakeGitHub, file: string, event: Event): Promise<Run> {
  const { root } = runner.checkout;
  const workflow = readWorkflow(root, file);
  if (!startsOn(workflow, event.name, at.state.defaultBranch))
    throw new Error(`${file} does not start on ${event.name}`);
  const id = 1_000 + ++runs;
  const artifacts = join(emptyWorkspace(runner.checkout.scratch), "artifacts");
  mkdirSync(artifacts);
  const jobs: Run["jobs"] = {};
  const fixed = { id, sha: event.sha, event: event.name, actor: event.actor, workflow: workflow.name };
  const given = givenBy(
    { url: at.url, fullName: at.state.fullName },
    { ...fixed, payload: event.payload ?? {} },
  );
  const { environments } = readRepositoryFile(root);

  function contextsFor(name: string, job: Job) {
    const needs = Object.fromEntries(job.needs.map((each) => [each, jobs[each]]));
    const contexts = { github: given.github, needs, vars: { AWS_ROLE_ARN: "", AWS_REGION: "" } };
    const environment = job.environment && filledIn(job.environment, contexts);
    if (environment && !environments[environment])
      throw new Error(`${name} is to run in ${environment}, which the repository does not have`);
    const secrets = environment ? (environments[environment]?.secrets ?? []) : [];
    return {
      environment,
      contexts: { ...contexts, secrets: Object.fromEntries(secrets.map((each) => [each, "secret"])) },
    };
  }

  /** @param asked the job that a person approved, or wants once more */
  async function goOn(asked?: string): Promise<void> {
    for (const [name, job] of inOrder(workflow)) {
      if (jobs[name] && name !== asked) continue;
      const known = event.given?.[name];
      if (known) {
        jobs[name] = nothing(known);
        continue;
      }
      if (job.needs.some((each) => jobs[each]?.result === "waiting" || !jobs[each])) continue;
      const { contexts: needed } = contextsFor(name, { ...job, environment: undefined });
      if (!runsBy(job.if, needed, standingOf(workflow, name, job))) {
        jobs[name] = nothing("skipped");
        continue;
      }
      const { environment, contexts } = contextsFor(name, job);
      if (environment && environments[environment]?.reviewers.length && name !== asked) {
        jobs[name] = { ...nothing("waiting"), environment };
        continue;
      }
      jobs[name] = await ran(name, job, environment, contexts);
    }
  }

  const standingOf = (of: Workflow, name: string, job: Job) => ({
    succeeded: job.needs.every((each) => jobs[each]?.result === "success"),
    failed: before(of, name).some((each) => jobs[each]?.result === "failure"),
  });

  async function ran(
    name: string,
    job: Job,
    environment: string | undefined,
    contexts: object,
  ): Promise<JobRun> {
    const asked = at.server.requests.length;
    const ours = { contexts: { ...contexts }, environment: given.environment, artifacts, sha: event.sha };
    const own = environment ? deploymentOf(at, environment, event.sha) : undefined;
    const { succeeded, ...done } = await runJob(runner, job, ours);
    const refused = notGranted(
      at.server.requests.slice(asked),
      job.permissions ?? workflow.permissions ?? {},
    );
    if (refused.length > 0) throw new Error(`${file}, ${name}: ${refused.join("; ")}`);
    own?.(succeeded ? "success" : "failure");
    return { result: succeeded ? "success" : "failure", environment, ...done };
  }

  await goOn();
  return {
    id,
    workflow: file,
    jobs,
    checks: () =>
      Object.fromEntries(
        Object.entries(jobs).map(([name, { result }]) => [workflow.jobs[name]?.name ?? name, result]),
      ),
    results: () => Object.fromEntries(Object.entries(jobs).map(([name, { result }]) => [name, result])),
    async approve() {
      const [name] = Object.entries(jobs).find(([, { result }]) => result === "waiting") ?? [];
      if (!name) throw new Error("no job waits for a person");
      await goOn(name);
    },
    again: goOn,
  };
}

const nothing = (result: Result): JobRun => ({
  result,
  environment: undefined,
  log: "",
  summary: "",
  outputs: {},
});

/** The deployment that GitHub itself records of a job with an environment; no promotion of ours. */
function deploymentOf({ state }: FakeGitHub, environment: string, sha: string): (reached: string) => void {
  const about = { ref: "main", sha, task: "deploy", environment, description: "", payload: {} };
  const statuses: { state: string; description: string; log_url: string; created_at: string }[] = [];
  state.deployments.push({ id: state.number(), ...about, created_at: state.now(), statuses });
  return (reached) =>
    void statuses.push({ state: reached, description: "", log_url: "", created_at: state.now() });
}
