import { z } from "zod";
import { foreseen } from "../foreseen.ts";
import { Problem } from "../problem.ts";

/** Why something ended as it did, in a form that scripts and people can both use. */
export const REASON = z.object({ code: z.string(), message: z.string(), remedy: z.string() });
export type Reason = z.infer<typeof REASON>;

export const STEP_OUTCOMES = ["passed", "failed", "skipped"] as const;
export type StepOutcome = (typeof STEP_OUTCOMES)[number];

/** What a step answers. `unchanged` ends the promotion: the environment already is as it should be. */
export type StepResult =
  | { outcome: "passed"; note?: string }
  | { outcome: "skipped"; note: string }
  | { outcome: "unchanged"; note: string }
  | { outcome: "failed"; reason: Reason };

export type Outcome = "promoted" | "unchanged" | "rolled-back" | "refused" | "needs-human";

/** The exit code of each end; scripts and CI depend on these. */
export const EXIT_CODES: Record<Outcome, number> = {
  promoted: 0,
  unchanged: 0,
  refused: 3,
  "rolled-back": 4,
  "needs-human": 5,
};

export const passed = (note?: string): StepResult => ({ outcome: "passed", note });
export const failed = (reason: Reason | Problem): StepResult => ({
  outcome: "failed",
  reason: { code: reason.code, message: reason.message, remedy: reason.remedy },
});

/** Turns whatever was thrown into a reason. What is not a Problem is unforeseen, and says so. */
export function reasonOf(thrown: unknown): Reason {
  const error = foreseen(thrown);
  if (error instanceof Problem) return { code: error.code, message: error.message, remedy: error.remedy };
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: "unforeseen",
    message,
    remedy: "Run the same command with --debug and report what it prints.",
  };
}
