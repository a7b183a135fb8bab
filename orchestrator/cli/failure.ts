import { Problem } from "../problem.ts";

const EXIT = { user: 2, environment: 3, us: 1 } as const;

/** 2 for what the user can put right, 3 for what the surroundings refuse, 1 for the unforeseen. */
export const exitCodeOf = (error: unknown): number => (error instanceof Problem ? EXIT[error.owner] : 1);

/** Says what went wrong and the next command. With `json` stdout gets the document that a script waits for. */
export function tellProblem(error: unknown, { json, debug }: { json: boolean; debug: boolean }): void {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Problem ? error.code : "unforeseen";
  const remedy =
    error instanceof Problem ? error.remedy : "run it again with --debug and report what it prints";
  process.stderr.write(`error: ${message} [${code}]\nnext: ${remedy}\n`);
  if (debug && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  const outcome = error instanceof Problem ? "refused" : null;
  if (json) process.stdout.write(`${JSON.stringify({ outcome, reason: { code, message, remedy } })}\n`);
}
