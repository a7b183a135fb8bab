import { promotion } from "../../orchestrator/promotion/course.ts";
import type { StepResult } from "../../orchestrator/promotion/outcome.ts";
import type { Promotion } from "../../orchestrator/promotion/promotion.ts";
import type { Doing, World } from "./world.ts";

export type Reached = { p: Promotion; sha: string; run(): Promise<StepResult> };

/** A promotion of a new release that has passed every step before the named one, which `run` runs. */
export async function reached(w: World, name: string, doing: Doing = {}): Promise<Reached> {
  const sha = await w.release("second");
  const { p } = w.promoting(sha, doing);
  for (const step of promotion.steps) {
    if (step.name === name) return { p, sha, run: () => step.run(p) };
    const result = await step.run(p);
    if (result.outcome === "failed") throw new Error(`${step.name} failed: ${result.reason.message}`);
  }
  throw new Error(`there is no step ${name}`);
}

/** The code of a step that failed; "passed" and the like for one that did not. */
export const codeOf = (result: StepResult): string =>
  result.outcome === "failed" ? result.reason.code : result.outcome;
