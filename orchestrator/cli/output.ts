/** Where progress goes to. A terminal says its size; another place has none. */
export type Output = {
  write(text: string): unknown;
  on?(event: "error", listener: () => void): unknown;
  isTTY?: boolean | undefined;
  columns?: number | undefined;
  rows?: number | undefined;
};

const outlived = new WeakSet<Output>();

/**
 * Makes a place that breaks (a reader that went away, a full disk, a terminal that was closed) no error of ours: Node ends
 * a process over a stream's error that nobody listens to, and a promotion must not be ended by that.
 */
export function outlive(output: Output): Output {
  if (outlived.has(output)) return output;
  outlived.add(output);
  output.on?.("error", () => {});
  return output;
}

/** Writes a text, if that can be done. */
export function write(output: Output, text: string): void {
  try {
    output.write(text);
  } catch {
    // Nothing hangs on being heard.
  }
}

export const writeLine = (output: Output, line: string): void => write(output, `${line}\n`);

const NARROWEST = 20;
const LOWEST = 4;

/**
 * Whether lines can be drawn over there. Not where the size is unknown, as in a terminal that says it has 0 columns: what
 * was drawn before could not be found again.
 */
export const canBeDrawnOver = (
  { isTTY, columns = 0, rows = 0 }: Output,
  { TERM, CI }: NodeJS.ProcessEnv,
): boolean => isTTY === true && !CI && TERM !== "dumb" && columns >= NARROWEST && rows >= LOWEST;

/** Whether colours are wanted there (https://no-color.org; CI shows them). */
export const hasColours = (
  { isTTY }: Output,
  { NO_COLOR, FORCE_COLOR, TERM, CI }: NodeJS.ProcessEnv,
): boolean => !NO_COLOR && (!!FORCE_COLOR || !!CI || (isTTY === true && TERM !== "dumb"));
