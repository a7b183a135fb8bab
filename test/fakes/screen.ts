import type { Output } from "../../orchestrator/cli/output.ts";

/** A terminal of a size, or a pipe where none is given, that keeps what it was told. */
export type FakeScreen = Output & {
  written(): string;
  /** What a terminal shows now: the lines that were not drawn over since. */
  seen(): string[];
  breaks(): void;
};

// What progress moves a cursor by: up one line, erase a line, to its first column; and colours, which move nothing.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a terminal is told
const CODES = /\x1b\[(\d*)([A-Za-z])|\x1b\[\?\d+[hl]|\n|\r|[^\x1b\n\r]+/g;

export function fakeScreen(size?: { columns: number; rows: number }): FakeScreen {
  let written = "";
  let broken = false;
  const lines: string[] = [""];
  let row = 0;

  function show(text: string): void {
    for (const [code, count, letter] of text.matchAll(CODES)) {
      if (code === "\n") {
        row++;
        lines[row] ??= "";
      } else if (letter === "A") row = Math.max(0, row - Number(count || 1));
      else if (letter === "K") lines[row] = "";
      else if (code.startsWith("\x1b") || code === "\r") continue;
      else lines[row] += code;
    }
  }

  return {
    ...(size && { isTTY: true, ...size }),
    write(text) {
      if (broken) throw Object.assign(new Error("write EPIPE"), { code: "EPIPE" });
      written += text;
      show(text);
      return true;
    },
    written: () => written,
    seen: () => lines.slice(0, row),
    breaks() {
      broken = true;
    },
  };
}
