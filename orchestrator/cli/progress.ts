import pc from "picocolors";
import { sayDuration } from "../duration.ts";
import type { Progress, Tell } from "../promotion/progress.ts";

const MARKS = { passed: pc.green("✓"), failed: pc.red("✗"), skipped: pc.dim("–") };

/** Progress goes to stderr: a live list on a terminal, plain lines elsewhere, JSON lines for machines. */
export async function progressSink(json: boolean): Promise<Tell> {
  if (json) return jsonLines;
  if (process.stderr.isTTY && !process.env.CI) return (await import("./live-list.ts")).liveList();
  return plainLines;
}

/** Says what is being done where no promotion runs: plain lines to stderr, or a JSON document a line. */
export const speaker = (json: boolean) => (text: string) =>
  void process.stderr.write(`${json ? JSON.stringify({ type: "line", text }) : text}\n`);

function jsonLines(progress: Progress): void {
  process.stderr.write(`${JSON.stringify(progress)}\n`);
}

/** One line for each step that ends. Notes are for the eye and would fill a log. */
export function plainLines(progress: Progress): void {
  const line = plainLine(progress);
  if (line) process.stderr.write(`${line}\n`);
}

function plainLine(progress: Progress): string | undefined {
  switch (progress.type) {
    case "started":
      return `${progress.promotionId}: ${progress.environment} ← ${progress.sha.slice(0, 7) || "an earlier release"}`;
    case "step-finished":
      return `  ${MARKS[progress.outcome]} ${progress.step.padEnd(9)} ${sayDuration(progress.ms).padStart(8)}  ${progress.text}`;
    default:
      return undefined;
  }
}
