import type { StackOutputs } from "./engine.ts";

export type ValidationResult = {
  passed: number;
  failed: number;
  failures: string[];
  /** Where what the tests printed is kept. */
  log: string;
  /** SHA-256 in hex of the results as they are kept beside the log. */
  resultsSha256: string;
};

/** The integration tests, run against what is deployed. */
export interface Validation {
  run(deployed: { sha: string; outputs: StackOutputs }, signal: AbortSignal): Promise<ValidationResult>;
}
