import { dirname, join, normalize } from "node:path";
import { lexer, type Token, type Tokens, walkTokens } from "marked";
import { EXIT_CODES } from "../../orchestrator/promotion/outcome.ts";
import { invented, type Known, usesIn } from "./commands.ts";

/** What a page may speak of: files by their path from the root, commands, codes of problems, and other names in code. */
export type World = Known & {
  read(path: string): string | undefined;
  isThere(path: string): boolean;
  codes: Set<string>;
  names: Set<string>;
};

/** One thing that a check looks for in a page. It gives what is wrong, in words. */
export type Check = (file: string, text: string, world: World) => string[];

function tokensOf<T extends Token["type"]>(
  text: string,
  type: T,
): Extract<Tokens.Generic | Token, { type: T }>[] {
  const found: Token[] = [];
  walkTokens(lexer(text), (token) => {
    if (token.type === type) found.push(token);
  });
  return found as never;
}

const raw = (token: unknown) => token as { href: string; text: string };

/** The anchors of a page, as GitHub makes them of its headings: the second of the same name gets a number. */
export function anchorsOf(text: string): string[] {
  const seen = new Map<string, number>();
  return tokensOf(text, "heading").map((heading) => {
    const plain = raw(heading).text.replaceAll(/[`*]|\]\([^)]*\)/g, "");
    const name = plain
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_\- ]/gu, "")
      .replaceAll(" ", "-");
    const times = seen.get(name) ?? 0;
    seen.set(name, times + 1);
    return times === 0 ? name : `${name}-${times}`;
  });
}

const links: Check = (file, text, world) =>
  [...tokensOf(text, "link"), ...tokensOf(text, "image")]
    .map((token) => raw(token).href)
    .filter((href) => !/^(https?|mailto):/.test(href))
    .filter((href) => {
      const [path = "", anchor] = href.split("#");
      const target = path === "" ? file : normalize(join(dirname(file), decodeURI(path)));
      if (!world.isThere(target)) return true;
      return anchor !== undefined && !anchorsOf(world.read(target) ?? "").includes(anchor);
    })
    .map((href) => `it links to ${href}`);

const commands: Check = (_, text, world) =>
  text
    .split("\n")
    .flatMap(usesIn)
    .flatMap((use) => invented(use, world));

/** What ends a process by a signal, beside the codes of the contract. */
const CODES = new Set([0, 1, 2, 3, 4, 5, 130, 143]);

const exits: Check = (_, text) => {
  const told = [...text.matchAll(/(?:\bexit codes?|\bends? with|\bexits? with) `?(\d+)/gi)];
  const unreal = told.filter(([, code]) => !CODES.has(Number(code))).map(([said]) => `it says "${said}"`);
  // `refused` | 3, and exit code 4: `rolled-back`
  const pairs = [
    ...[...text.matchAll(/^\| `([a-z-]+)` \| (\d+) \|/gm)].map(([, outcome, code]) => [outcome, code]),
    ...[...text.matchAll(/\bexit code (\d+)(?::| \() ?`?([a-z-]+)`?/g)].map(([, code, outcome]) => [
      outcome,
      code,
    ]),
  ];
  const wrong = pairs.filter(([outcome = "", code]) => {
    const right = (EXIT_CODES as Record<string, number>)[outcome];
    return right !== undefined && right !== Number(code);
  });
  return unreal.concat(wrong.map(([outcome, code]) => `it says that ${outcome} ends with ${code}`));
};

const KEBAB = /^[a-z][a-z0-9]*(-[a-z0-9]+)+$/;

/** A name in code that looks as a code does must be one, or another name that is known. */
const codes: Check = (file, text, { codes: real, names }) => {
  // A decision speaks of what was not chosen as well.
  const inCode = file.includes("/decisions/")
    ? []
    : tokensOf(text, "codespan").map((token) => raw(token).text);
  const bracketed = [...text.matchAll(/\[([a-z]+(?:-[a-z]+)+)\](?![([:])/g)].map(([, code = ""]) => code);
  const unknown = inCode.filter((word) => KEBAB.test(word) && !real.has(word) && !names.has(word));
  return [...unknown, ...bracketed.filter((code) => !real.has(code) && !names.has(code))].map(
    (code) => `there is no ${code}`,
  );
};

/** All that is looked for, by name. */
export const CHECKS: Record<string, Check> = {
  "links lead to what is there": links,
  "commands and flags exist": commands,
  "exit codes are real": exits,
  "codes of problems are in the catalogues": codes,
};
