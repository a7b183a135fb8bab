import type { Outcome, Reason, StepOutcome } from "./outcome.ts";
import type { Sighting } from "./sighting.ts";
import type { TrafficLine } from "./traffic.ts";

/**
 * Everything a promotion tells while it runs: figures, where there are any, and not how they are shown. What is said here
 * is for people; the ledger is the record. Whoever listens passes over a type that it does not know.
 */
export type Progress =
  | { type: "started"; promotionId: string; environment: string; sha: string; steps: string[] }
  | { type: "step-started"; step: string }
  | { type: "note"; step: string; text: string }
  /** All functions were moved, and read back: who has how much of each. */
  | { type: "traffic"; traffic: TrafficLine[] }
  /** The release was looked at once more. */
  | ({ type: "look"; step: string } & Sighting)
  | {
      type: "step-finished";
      step: string;
      outcome: StepOutcome;
      ms: number;
      text: string;
      /** Of the reason, where it failed. */
      code?: string;
    }
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
