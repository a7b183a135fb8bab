import type { StackOutputs } from "./engine.ts";

export type ValidationResult = { passed: number; failed: number; failures: string[]; log: string };

/** The integration tests, run against what is deployed. */
export interface Validation {
  run(deployed: { sha: string; outputs: StackOutputs }, signal: AbortSignal): Promise<ValidationResult>;
}
