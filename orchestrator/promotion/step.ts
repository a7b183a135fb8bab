import type { StepResult } from "./outcome.ts";
import type { Promotion } from "./promotion.ts";

/**
 * One named part of a promotion. `onFailure` says what its failure means: nothing was changed yet (`refuse`), the
 * environment must be taken back (`take-back`), or only a person can decide (`ask`).
 */
export type Step = {
  name: string;
  onFailure: "refuse" | "take-back" | "ask";
  run(promotion: Promotion): Promise<StepResult>;
};

/** The steps of one kind of promotion, in order, and the step that takes the environment back when one of them fails. */
export type Course = { steps: Step[]; takeBack?: Step };
