import type { Outcome, Reason, StepOutcome } from "./outcome.ts";

/** Everything a promotion tells while it runs. What is said here is for people; the ledger is the record. */
export type Progress =
  | { type: "started"; promotionId: string; environment: string; sha: string; steps: string[] }
  | { type: "step-started"; step: string }
  | { type: "note"; step: string; text: string }
  | { type: "step-finished"; step: string; outcome: StepOutcome; ms: number; text: string }
  | { type: "ended"; outcome: Outcome; reason: Reason | null; sha: string };

export type Tell = (progress: Progress) => void;

/** A sink that breaks (a closed pipe, a terminal that went away) never breaks a promotion. */
export function unbreakable(tell: Tell): Tell {
  return (progress) => {
    try {
      tell(progress);
    } catch {
      // Nothing hangs on being heard.
    }
  };
}
