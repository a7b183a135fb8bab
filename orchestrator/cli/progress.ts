import pc from "picocolors";
import type { Progress, Tell } from "../promotion/progress.ts";
import { canBeDrawnOver, hasColours, type Output, outlive, writeLine } from "./output.ts";
import { plainLines } from "./plain-lines.ts";

/** Progress goes to stderr: a live list on a terminal, plain lines elsewhere, JSON lines for machines. */
export async function progressSink(json: boolean): Promise<Tell> {
  const output = outlive(process.stderr);
  if (json) return jsonLines(output);
  if (!canBeDrawnOver(output, process.env)) return plainLines(output, paintFor(output));
  return (await import("./live-list.ts")).liveList(output, paintFor(output));
}

/** The colours that a place shows. */
export const paintFor = (output: Output) => pc.createColors(hasColours(output, process.env));

/** Says what is being done where no promotion runs: plain lines to stderr, or a JSON document a line. */
export const speaker = (json: boolean) => (text: string) =>
  writeLine(outlive(process.stderr), json ? JSON.stringify({ type: "line", text }) : text);

/** Everything that is told, a document a line. */
export const jsonLines =
  (output: Output): Tell =>
  (progress: Progress) =>
    writeLine(output, JSON.stringify(progress));
