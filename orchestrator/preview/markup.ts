/**
 * Text from outside as Markdown and HTML may hold it. Names and values come from a pull request: whoever wrote it must not
 * be able to forge a line of ours, call people, or hide anything.
 */

/**
 * Characters that nobody sees, or that turn the order of what is read: they are shown by their numbers. The two that join
 * letters and emoji stay.
 */
const UNSEEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A text on one line, in which all that is there can be seen. */
export const visible = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(UNSEEN, (each) =>
      each === "\n" ? "⏎" : `\\u${each.codePointAt(0)?.toString(16).padStart(4, "0")}`,
    );

/** A code span that shows exactly a text, in a paragraph or in a list; GitHub calls nobody who is named in code. */
export function code(text: string): string {
  const seen = visible(text) || " ";
  const fence = "`".repeat(longestRun(seen) + 1);
  // The blanks are taken away again by whoever renders it; without them a backtick at the end would join the fence.
  const pad = /^`|`$|^ .* $/.test(seen) ? " " : "";
  return `${fence}${pad}${seen}${pad}${fence}`;
}

/** A fenced block of lines, each as it is. */
export function fenced(lines: string[], language: string): string[] {
  const seen = lines.map(visible);
  const fence = "`".repeat(Math.max(3, longestRun(seen.join("\n")) + 1));
  return [`${fence}${language}`, ...seen, fence];
}

/** A text within an element of HTML. */
export const inHtml = (text: string): string =>
  visible(text).replaceAll(/[&<>"'`|]/g, (each) => `&#${each.charCodeAt(0)};`);

const longestRun = (text: string) => Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
