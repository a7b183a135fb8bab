import type { Validation, ValidationResult } from "../../orchestrator/ports/validation.ts";

export type FakeValidation = Validation & {
  /** The SHAs that were tested. */
  readonly ran: string[];
  /** What every run from now on finds. */
  find(result: Partial<ValidationResult>): void;
  /** What every run against this release finds. */
  findIn(sha: string, result: Partial<ValidationResult>): void;
};

/** Integration tests that all pass until told otherwise. Like the real ones they end when they are interrupted. */
export function fakeValidation(): FakeValidation {
  const ran: string[] = [];
  const own = new Map<string, Partial<ValidationResult>>();
  const resultsSha256 = "7e57".repeat(16);
  let result: ValidationResult = { passed: 7, failed: 0, failures: [], log: "validate.log", resultsSha256 };
  return {
    ran,
    find: (changes) => {
      result = { ...result, ...changes };
    },
    findIn: (sha, found) => void own.set(sha, found),
    async run({ sha }, signal) {
      signal.throwIfAborted();
      ran.push(sha);
      return structuredClone({ ...result, ...own.get(sha) });
    },
  };
}
