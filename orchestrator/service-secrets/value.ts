/** Shorter is no key; and what is too short to be told from a word could not be kept out of what is printed. */
const SHORTEST = 16;
/** Longer is a file that was sent by mistake. */
export const LONGEST = 512;

/** What stands where a key should be. Whoever sends it has set nothing. */
const PLACEHOLDERS = [
  /^<.*>$|^\[.*\]$|^\$\{?\w+\}?$|^\$\(.*\)$/,
  /^(change|replace|set)[-_]?(me|this|it)/i,
  /placeholder|example|(your|my)[-_]?(own[-_]?)?(api|key|news|secret)/i,
  /^(.)\1*$/,
  /^(1234567890|0123456789|abcdefghij)/i,
];

/**
 * The key in what somebody sent: all of it but one line's end, which every editor and `echo` leave there. A text says what
 * is wrong with it; it never quotes it.
 */
export function keyIn(sent: string): { key: string } | { wrong: string } {
  const key = sent.replace(/\r?\n$/, "");
  const wrong = wrongWith(key);
  return wrong === undefined ? { key } : { wrong };
}

function wrongWith(key: string): string | undefined {
  if (key.trim() === "") return "it is empty";
  if (key.length > LONGEST) return `it has more than ${LONGEST} characters`;
  if (/^\s*[{"']/.test(key)) return "it is quoted, or a JSON document: only the key itself is wanted";
  if (/\s/.test(key)) return "there are blanks or several lines in it";
  // It travels in a header of HTTP.
  if (!/^[!-~]+$/.test(key)) return "there are other characters in it than ASCII's letters, digits and signs";
  if (PLACEHOLDERS.some((shape) => shape.test(key))) return "it only stands where a key should be";
  if (key.length < SHORTEST) return `it has fewer than ${SHORTEST} characters`;
  return undefined;
}
