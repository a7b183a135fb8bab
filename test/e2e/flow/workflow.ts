import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const TEXTS = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const LIST = z.union([z.string().transform((one) => [one]), z.array(z.string())]).default([]);

const STEP = z.strictObject({
  id: z.string().optional(),
  name: z.string().optional(),
  if: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  env: TEXTS.default({}),
  with: TEXTS.default({}),
});

const CONCURRENCY = z.strictObject({ group: z.string(), "cancel-in-progress": z.unknown() }).optional();
const PERMISSIONS = z.record(z.string(), z.enum(["read", "write"])).optional();

const JOB = z.strictObject({
  name: z.string().optional(),
  needs: LIST,
  if: z.string().optional(),
  "runs-on": z.string(),
  "timeout-minutes": z.number(),
  environment: z.string().optional(),
  permissions: PERMISSIONS,
  concurrency: CONCURRENCY,
  outputs: z.record(z.string(), z.string()).default({}),
  env: TEXTS.default({}),
  steps: z.array(STEP),
});

const WORKFLOW = z.strictObject({
  name: z.string(),
  on: z.record(
    z.string(),
    z
      .strictObject({
        branches: z.array(z.string()).optional(),
        workflows: z.array(z.string()).optional(),
        types: z.array(z.string()).optional(),
      })
      .or(z.array(z.unknown()))
      .nullable(),
  ),
  permissions: PERMISSIONS,
  concurrency: CONCURRENCY,
  jobs: z.record(z.string(), JOB),
});

export type Workflow = z.infer<typeof WORKFLOW>;
export type Job = z.infer<typeof JOB>;
export type Step = z.infer<typeof STEP>;

/** A workflow of this project, as far as its syntax is known here; throws at any other. */
export const readWorkflow = (root: string, file: string): Workflow =>
  WORKFLOW.parse(parse(readFileSync(join(root, ".github/workflows", file), "utf8")));

/** Whether an event starts it. */
export function startsOn({ on }: Workflow, event: string, branch: string): boolean {
  const given = on[event];
  if (given === undefined) return false;
  const branches = given === null || Array.isArray(given) ? undefined : given.branches;
  return branches?.includes(branch) ?? true;
}

/** The jobs, each after those that it needs. */
export function inOrder({ jobs }: Workflow): [string, Job][] {
  const left = Object.entries(jobs);
  const done: [string, Job][] = [];
  while (left.length > 0) {
    const next = left.findIndex(([, { needs }]) =>
      needs.every((name) => done.some(([each]) => each === name)),
    );
    if (next === -1) throw new Error(`nothing can run before ${left.map(([name]) => name).join(", ")}`);
    done.push(...left.splice(next, 1));
  }
  return done;
}

/** All that a job waits for, however far back. */
export const before = ({ jobs }: Workflow, name: string): string[] =>
  (jobs[name]?.needs ?? []).flatMap((each) => [each, ...before({ jobs } as Workflow, each)]);
