import { parse } from "yaml";
import { invented, type Known, usesIn } from "./commands.ts";

type Permissions = Record<string, string> | string | undefined;
type Step = {
  uses?: string;
  run?: string;
  if?: string;
  env?: Record<string, string>;
  with?: Record<string, unknown>;
};
type Concurrency = { "cancel-in-progress"?: unknown } | string | undefined;
type Job = {
  if?: string;
  environment?: unknown;
  permissions?: Permissions;
  concurrency?: Concurrency;
  "timeout-minutes"?: number;
  steps?: Step[];
};
type Workflow = {
  on?: unknown;
  permissions?: Permissions;
  concurrency?: Concurrency;
  jobs: Record<string, Job>;
};

/** Commands that change an environment: what they have begun must end by itself. */
const CHANGING = /npm run (promote|rollback|gc|revert)\b/;
const OF_THIS_REPOSITORY = /head\.repo\.full_name == github\.repository/;
const LONGEST_MINUTES = 120;

type Rule = (workflow: Workflow, text: string, known: Known) => string[];

const jobsOf = ({ jobs }: Workflow): [string, Job][] => Object.entries(jobs);
const stepsOf = (workflow: Workflow): Step[] => jobsOf(workflow).flatMap(([, { steps = [] }]) => steps);
const runsOf = ({ steps = [] }: Job): string => steps.map(({ run = "" }) => run).join("\n");
const startsOn = ({ on }: Workflow, event: string): boolean =>
  typeof on === "string"
    ? on === event
    : Array.isArray(on)
      ? on.includes(event)
      : on !== null && typeof on === "object" && event in on;
const granted = (permissions: Permissions): [string, string][] =>
  typeof permissions === "object" ? Object.entries(permissions) : permissions ? [[permissions, "write"]] : [];
const reachesAws = ({ steps = [] }: Job) => steps.some(({ uses = "" }) => uses.startsWith("aws-actions/"));

/** The rules that every workflow here keeps, by name. Each says what is wrong, or nothing. */
export const RULES: Record<string, Rule> = {
  "nothing is granted to all jobs but to read the sources": ({ permissions }) => {
    const given = JSON.stringify(permissions ?? null);
    return given === "{}" || given === '{"contents":"read"}' ? [] : [`it grants ${given}`];
  },
  "a job is granted what it needs, by name": (workflow) =>
    jobsOf(workflow).flatMap(([name, job]) => {
      if (typeof job.permissions === "string") return [`${name} is granted ${job.permissions}`];
      const token = granted(job.permissions).some(([scope]) => scope === "id-token");
      if (token !== reachesAws(job))
        return [`${name} ${token ? "needs no id-token" : "has no id-token for AWS"}`];
      return granted(job.permissions)
        .filter(([, how]) => how !== "read" && how !== "write")
        .map(([scope]) => `${name}: ${scope}`);
    }),
  "actions are pinned to a commit, with its version beside it": (_, text) =>
    text
      .split("\n")
      .filter((line) => /^\s*(- )?uses:/.test(line))
      .filter((line) => !/uses: (\.\/|[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$)/.test(line))
      .map((line) => line.trim()),
  "a job ends after a while": (workflow) =>
    jobsOf(workflow).flatMap(([name, { "timeout-minutes": minutes }]) =>
      minutes && minutes <= LONGEST_MINUTES ? [] : [`${name}: ${minutes ?? "no limit"}`],
    ),
  "runs of the same thing are told apart from others, and what changes something is never cancelled": (
    workflow,
  ) =>
    jobsOf(workflow).flatMap(([name, job]) => {
      const concurrency = job.concurrency ?? workflow.concurrency;
      if (concurrency === undefined && runsOf(job) !== "" && !isLook(job))
        return [`${name} has no concurrency group`];
      const cancelled = typeof concurrency === "object" ? concurrency["cancel-in-progress"] : undefined;
      return CHANGING.test(runsOf(job)) && cancelled !== false ? [`${name} may be cancelled half-way`] : [];
    }),
  "what a pull request starts knows no secret, and has no right where it may come from a fork": (
    workflow,
    text,
  ) => {
    if (!startsOn(workflow, "pull_request")) return [];
    const secret = /secrets\s*[.[]/.test(text) ? ["it knows a secret"] : [];
    return secret.concat(
      jobsOf(workflow).flatMap(([name, job]) => {
        const rights = granted(job.permissions).filter(([, how]) => how === "write");
        const safe = rights.length === 0 || OF_THIS_REPOSITORY.test(job.if ?? "");
        if (CHANGING.test(runsOf(job))) return [`${name} changes an environment`];
        return safe ? [] : [`${name} may write, for a fork as well`];
      }),
    );
  },
  "nothing of a pull request runs with the rights of main": (workflow) => {
    const target = startsOn(workflow, "pull_request_target") ? ["it starts on pull_request_target"] : [];
    const ofOthers = stepsOf(workflow).filter(
      ({ uses = "", with: given }) =>
        uses.startsWith("actions/checkout@") &&
        /head|workflow_run|inputs|pull/.test(String(given?.ref ?? "")),
    );
    return target.concat(ofOthers.map(({ with: given }) => `it checks out ${given?.ref}`));
  },
  "a value gets into a command by a variable alone": (workflow) =>
    stepsOf(workflow)
      .filter(({ run = "" }) => run.includes("${{"))
      .map(({ run = "" }) => run.trim()),
  "the token does not stay in the checkout": (workflow) =>
    stepsOf(workflow)
      .filter(
        ({ uses = "", with: given }) =>
          uses.startsWith("actions/checkout@") && given?.["persist-credentials"] !== false,
      )
      .map(({ uses }) => `${uses}`),
  "secrets go to the step that gets credentials, and to no command": (workflow) =>
    stepsOf(workflow)
      .filter(
        ({ uses = "", ...rest }) =>
          /secrets\s*[.[]/.test(JSON.stringify(rest)) && !uses.startsWith("aws-actions/"),
      )
      .map(({ run, uses }) => `${run ?? uses}`),
  "what changes an environment belongs to an environment of GitHub's": (workflow) =>
    jobsOf(workflow).flatMap(([name, job]) =>
      /npm run (promote|rollback|gc)\b/.test(runsOf(job)) && job.environment === undefined ? [name] : [],
    ),
  "a job is one script of ours, which exists with its flags": (workflow, _, known) =>
    jobsOf(workflow).flatMap(([name, job]) => {
      const uses = runsOf(job).split("\n").flatMap(usesIn);
      const many = uses.length > 1 ? [`${name} runs ${uses.length} scripts`] : [];
      return many.concat(uses.flatMap((use) => invented(use, known)).map((what) => `${name}: ${what}`));
    }),
};

/** A job that only looks at what other jobs came to. */
const isLook = ({ steps = [] }: Job) => steps.every(({ run = "" }) => run.startsWith("test "));

/** What in a workflow breaks a rule, by the rule. */
export function broken(text: string, known: Known): Record<string, string[]> {
  const workflow = parse(text) as Workflow;
  const found = Object.entries(RULES).map(([name, rule]) => [name, rule(workflow, text, known)] as const);
  return Object.fromEntries(found.filter(([, wrong]) => wrong.length > 0));
}
