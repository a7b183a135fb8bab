import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { TOKEN } from "../../fakes/github-server.ts";
import type { Checkout } from "../checkout.ts";
import { launch } from "../command.ts";
import { type Contexts, filledIn, runsBy } from "./expression.ts";
import type { Job, Step } from "./workflow.ts";
import { checkOut, emptyWorkspace, install, type Published } from "./workspace.ts";

/** Where jobs run, and what they reach. */
export type Runner = {
  checkout: Checkout;
  /** The bare repository that stands behind GitHub. */
  repository: string;
  /** The directory of the rehearsal environment that stands in for AWS. */
  rehearsal: string;
  published: Published;
};

/** What came of a job's steps: what they printed, and what they gave to GitHub. */
export type Done = { succeeded: boolean; log: string; summary: string; outputs: Record<string, string> };

/** Commands that reach AWS; here they reach the rehearsal. */
const REACHES_AWS = /(npm run (?:promote|rollback|gc|drift|preview) -- [^\n]*)/g;

/** Does the steps of a job, in a workspace of its own. */
export async function runJob(
  runner: Runner,
  job: Job,
  given: { contexts: Contexts; environment: Record<string, string>; artifacts: string; sha: string },
): Promise<Done> {
  const { checkout, repository, published } = runner;
  const root = emptyWorkspace(checkout.scratch);
  const own = emptyWorkspace(checkout.scratch);
  const [output, summary] = [join(own, "output"), join(own, "summary")];
  writeFileSync(summary, "");
  const steps: Record<string, { outputs: Record<string, string> }> = {};
  const contexts: Contexts = { ...given.contexts, steps };
  const valuesOf = (raw: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, filledIn(value, contexts)]));
  let succeeded = true;
  let log = "";

  async function runLines({ run = "", env, id }: Step): Promise<boolean> {
    if (existsSync(join(root, "package-lock.json"))) install(root, published);
    writeFileSync(output, "");
    const script = join(own, "step.sh");
    writeFileSync(script, filledIn(run, contexts).replaceAll(REACHES_AWS, "$1 --local"));
    const { code, out, err } = await launch({ ...checkout, root }, ["bash", "-e", script], {
      ...given.environment,
      ...valuesOf(job.env),
      ...valuesOf(env),
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_WORKSPACE: root,
      REHEARSAL_DIR: runner.rehearsal,
    }).ended;
    log += `$ ${run.trim()}\n${out}${err}`;
    if (id) steps[id] = { outputs: outputsIn(readFileSync(output, "utf8")) };
    return code === 0;
  }

  function use(uses: string, raw: Record<string, unknown>): boolean {
    const { name = "", path = "", ...more } = valuesOf(raw);
    const kept = join(given.artifacts, name);
    switch (uses.split("@")[0]) {
      case "actions/checkout":
        checkOut(root, { from: repository, sha: given.sha, depth: Number(more["fetch-depth"] ?? 1) });
        return true;
      case "actions/upload-artifact":
        if (!existsSync(join(root, path))) return more["if-no-files-found"] !== "error";
        if (existsSync(kept) && more.overwrite !== "true") return false;
        rmSync(kept, { recursive: true, force: true });
        // The action leaves hidden files behind.
        cpSync(join(root, path), kept, {
          recursive: true,
          filter: (file) => !basename(file).startsWith("."),
        });
        return true;
      case "actions/download-artifact":
        if (!existsSync(kept)) return false;
        mkdirSync(join(root, path), { recursive: true });
        cpSync(kept, join(root, path), { recursive: true });
        return true;
      case "aws-actions/configure-aws-credentials":
        return true; // The rehearsal's deployers have keys of their own.
      default:
        throw new Error(`the action ${uses} is not known here`);
    }
  }

  for (const step of job.steps) {
    if (!runsBy(step.if, contexts, { succeeded, failed: !succeeded })) continue;
    const well = step.uses ? use(step.uses, step.with) : await runLines(step);
    if (!well) log += `it failed: ${step.uses ?? step.run}\n`;
    succeeded &&= well;
  }
  const outputs = succeeded ? valuesOf(job.outputs) : {};
  const told = readFileSync(summary, "utf8");
  for (const each of [root, own]) rmSync(each, { recursive: true, force: true });
  return { succeeded, log, summary: told, outputs };
}

/** `name=value`, a line each: what our commands write of what GitHub reads. */
function outputsIn(text: string): Record<string, string> {
  const lines = text.split("\n").filter(Boolean);
  return Object.fromEntries(
    lines.map((line) => {
      const [, name = "", value = ""] = /^([\w-]+)=(.*)$/.exec(line) ?? [];
      if (!name) throw new Error(`no output of a step: ${line}`);
      return [name, value];
    }),
  );
}

/** The variables and the context that GitHub gives to each job of a run. */
export function givenBy(
  github: { url: string; fullName: string },
  run: { id: number; sha: string; event: string; actor: string; payload: object; workflow: string },
) {
  const server = "https://github.example";
  return {
    github: {
      sha: run.sha,
      ref: "refs/heads/main",
      repository: github.fullName,
      run_id: run.id,
      server_url: server,
      token: TOKEN,
      actor: run.actor,
      event_name: run.event,
      event: run.payload,
      workflow: run.workflow,
    },
    environment: {
      CI: "true",
      GITHUB_ACTIONS: "true",
      GITHUB_ACTOR: run.actor,
      GITHUB_API_URL: github.url,
      GITHUB_EVENT_NAME: run.event,
      GITHUB_REF: "refs/heads/main",
      GITHUB_REPOSITORY: github.fullName,
      GITHUB_RUN_ID: String(run.id),
      GITHUB_SERVER_URL: server,
      GITHUB_SHA: run.sha,
      GITHUB_WORKFLOW: run.workflow,
    },
  };
}
