import { Transform } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { formsOf } from "./secret-forms.ts";
import { LONGEST_SHAPE, SHAPES } from "./secret-shapes.ts";

/** What stands where a secret was. */
export const REDACTED = "[redacted]";

/** Shorter values are words: without them nobody could read what is left. */
const SHORTEST = 8;
/** A line of a secret that says nothing by itself (`-----BEGIN`, a brace) is shorter. */
const SHORTEST_LINE = 16;
/** A character takes this many at most when it is encoded, say as `%25C3%25A4` or as `\\\\u00e4`. */
const LONGEST_FORM = 12;

/** The secrets that a process knows, and the way that text from outside takes before anybody reads it. */
export type Secrets = {
  /** Learns a value that nobody may read from now on. What is too short to be a secret is left alone. */
  know(value: string | undefined): void;
  /** The text without secrets: neither those that are known, in any of their forms, nor what looks like one. */
  redact(text: string): string;
  /** The same for every text in a document. Half of a surrogate pair, which no ledger could hold, becomes U+FFFD. */
  redactAll<T>(document: T): T;
  /** The same for a stream, whose chunks may cut a secret in two. */
  stream(): Transform;
};

export function knownSecrets(): Secrets {
  const values = new Set<string>();
  let patterns = SHAPES;
  let longest = LONGEST_SHAPE;

  function know(value: string | undefined): void {
    if (value === undefined || value.trim().length < SHORTEST || values.has(value.trim())) return;
    values.add(value.trim());
    for (const line of value.split("\n"))
      if (line.trim().length >= SHORTEST_LINE && !line.startsWith("-----")) values.add(line.trim());
    // The longer first: a line of a secret must not break the whole of it.
    const sorted = [...values].sort((a, b) => b.length - a.length);
    const known = sorted.map((each) => new RegExp(`()(?:${formsOf(each).join("|")})`, "g"));
    patterns = [...known, ...SHAPES];
    longest = Math.max(LONGEST_SHAPE, LONGEST_FORM * (sorted[0]?.length ?? 0));
  }

  const redact = (text: string) =>
    patterns.reduce((left, pattern) => left.replaceAll(pattern, `$1${REDACTED}`), text);

  /** Where a text may be cut so that no secret, whole or begun, lies across the cut; at the end of a line if it has one. */
  function cutOf(text: string): number {
    const latest = Math.max(0, text.length - longest);
    let cut = text.lastIndexOf("\n", latest - 1) + 1 || latest;
    for (let moved = true; moved; ) {
      moved = false;
      for (const pattern of patterns)
        for (const { index, 0: found } of text.matchAll(pattern))
          if (index < cut && index + found.length >= cut) {
            cut = index;
            moved = true;
          }
    }
    return cut;
  }

  function stream(): Transform {
    const decoder = new StringDecoder("utf8");
    let held = "";
    return new Transform({
      transform(chunk: Buffer, _, done) {
        held += decoder.write(chunk);
        const cut = cutOf(held);
        const free = redact(held.slice(0, cut));
        held = held.slice(cut);
        done(null, free);
      },
      flush(done) {
        done(null, redact(held + decoder.end()));
      },
    });
  }

  return {
    know,
    redact,
    redactAll: (document) => eachText(document, (text) => redact(text.toWellFormed())),
    stream,
  };
}

function eachText<T>(document: T, change: (text: string) => string): T {
  if (typeof document === "string") return change(document) as T;
  if (Array.isArray(document)) return document.map((each) => eachText(each, change)) as T;
  if (document === null || typeof document !== "object") return document;
  const entries = Object.entries(document).map(([name, value]) => [name, eachText(value, change)]);
  return Object.fromEntries(entries) as T;
}

/** Names of variables that hold a secret itself, and not where it lies or what it is called. */
const NAMES_A_SECRET =
  /(SECRET|TOKEN|PASSW(OR)?D|PASSPHRASE|API_?KEY|ACCESS_KEY|PRIVATE_KEY|_AUTH)(?!.*_(FILE|PATH|URI|URL|ID|NAME|ARN)$)/i;

/** Learns what the variables of a process hold: values of telling names, and the passwords in addresses. */
export function knowVariables(secrets: Secrets, variables: Record<string, string | undefined>): void {
  for (const [name, value = ""] of Object.entries(variables)) {
    const password = URL.canParse(value) ? new URL(value).password : "";
    if (password) for (const each of [password, decoded(password)]) secrets.know(each);
    else if (NAMES_A_SECRET.test(name)) secrets.know(value);
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
