import type { ReadStream } from "node:tty";

/** A stream that may be a terminal. */
export type Input = AsyncIterable<string | Buffer> & Partial<Pick<ReadStream, "isTTY" | "setRawMode">>;

const CTRL_C = "\x03";
const CTRL_D = "\x04";
const ERASE = /[\x7f\b]/;

/**
 * What comes on standard input, up to so many characters and one more, so that too much is seen to be too much. On a
 * terminal it is asked for, and nothing that is typed is shown. Undefined when whoever types gives up.
 */
export async function secretFrom(
  input: Input,
  longest: number,
  ask: (text: string) => void,
): Promise<string | undefined> {
  if (!input.isTTY || !input.setRawMode) return await upTo(input, longest);
  ask("The value, which is not shown (end it with Enter): ");
  input.setRawMode(true);
  try {
    return await typed(input, longest);
  } finally {
    input.setRawMode(false);
    ask("\n");
  }
}

async function upTo(input: Input, longest: number): Promise<string> {
  let text = "";
  for await (const chunk of input) {
    text += chunk.toString();
    if (text.length > longest + 2) break;
  }
  return text;
}

async function typed(input: Input, longest: number): Promise<string | undefined> {
  let text = "";
  for await (const chunk of input)
    for (const key of chunk.toString()) {
      if (key === CTRL_C) return undefined;
      if (key === "\r" || key === "\n" || key === CTRL_D) return text;
      text = ERASE.test(key) ? text.slice(0, -1) : text + key;
      if (text.length > longest) return text;
    }
  return text;
}
