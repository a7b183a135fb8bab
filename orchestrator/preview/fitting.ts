/** What GitHub takes as a comment at most. Its own count is of characters; a byte is never more than one. */
export const LONGEST_COMMENT = 65_536;
/** What it takes as the summary of a job's step is 1 MiB; other parts of the step may have said something as well. */
export const LONGEST_SUMMARY = 1_000_000;

const bytes = (text: string) => Buffer.byteLength(text, "utf8");

/**
 * A head, as many whole blocks as fit below it, and where blocks are left out, what says so. The head is never cut: whoever
 * makes it keeps it short.
 * @param longest in bytes of UTF-8
 */
export function fitted(
  head: string,
  blocks: string[],
  { longest, cut }: { longest: number; cut: (left: number) => string },
): string {
  const whole = [head, ...blocks].join("\n");
  if (bytes(whole) <= longest) return whole;
  let room = longest - bytes(head) - bytes(cut(blocks.length)) - 1;
  const taken: string[] = [];
  for (const block of blocks) {
    room -= bytes(block) + 1;
    if (room < 0) break;
    taken.push(block);
  }
  return [head, ...taken, cut(blocks.length - taken.length)].join("\n");
}
