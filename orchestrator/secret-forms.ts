/** Text that was read from base64 is no secret's any more below this length: it would fit ordinary words. */
const SHORTEST_BASE64 = 8;

const HTML: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;|&#34;",
  "'": "&#39;|&#x27;",
};

/** A line's end, as it is, as white space that was put in its place, or escaped. */
const NEWLINE = "(?:\\s|\\\\+[nr]|%(?:25)*0[aAdD])+";

/**
 * Patterns for each form in which tools pass a text on: as it is, URL-encoded, JSON-escaped (also more than once), as
 * HTML, on one line or on several, and in the base64 of any text that holds it. The parts of a form may be mixed.
 */
export function formsOf(value: string): string[] {
  const escaped = JSON.stringify(value).slice(1, -1);
  const texts = escaped === value ? [value] : [value, escaped];
  return [written(value), ...texts.flatMap(inBase64)];
}

function written(value: string): string {
  return [...value.replaceAll(/[\r\n]+/g, "\n")].map(characterForms).join("");
}

function characterForms(character: string): string {
  if (/[A-Za-z0-9]/.test(character)) return character;
  if (character === "\n") return NEWLINE;
  const forms = ["\\\\*", "\\\\+u"].map((before, index) =>
    index === 0 ? before + quoted(character) : unicodeEscaped(character, before),
  );
  if (character === "\\") forms.push("\\\\+");
  if (character === "\t") forms.push("\\\\+t", "\\s");
  if (character === " ") forms.push("\\+");
  if (HTML[character]) forms.push(HTML[character]);
  forms.push([...Buffer.from(character)].map((byte) => `%(?:25)*${hex(byte, 2)}`).join(""));
  return `(?:${forms.join("|")})`;
}

const quoted = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");

const unicodeEscaped = (character: string, before: string) =>
  character
    .split("")
    .map((unit) => before + hex(unit.charCodeAt(0), 4))
    .join("");

/** A number in hex with that many digits, in letters of either case. */
const hex = (value: number, digits: number) =>
  value
    .toString(16)
    .padStart(digits, "0")
    .replaceAll(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);

/** The base64 characters that a text alone decides, at each of the three places where it can begin in a larger one. */
function inBase64(text: string): string[] {
  const bytes = Buffer.from(text);
  const cores = [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((bytes.length + before) * 8) / 6));
  });
  return cores.filter((core) => core.length >= SHORTEST_BASE64).map(base64Forms);
}

const base64Forms = (core: string) =>
  core.replaceAll("+", "(?:[+-]|%(?:25)*2[bB])").replaceAll("/", "(?:\\\\*/|_|%(?:25)*2[fF])");
