import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

export const ROOT = join(import.meta.dirname, "../..");
const CLI = join(ROOT, "orchestrator/cli.ts");

export const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

export const flagsIn = (text: string) => new Set(text.match(/(?<![\w-])--[a-z][a-z-]*/g) ?? []);

export const scripts = (): Set<string> => new Set(Object.keys(JSON.parse(read("package.json")).scripts));

/** The help of a command, or of the program itself. */
export async function help(...command: string[]): Promise<string> {
  return (await promisify(execFile)(process.execPath, [CLI, ...command, "--help"])).stdout;
}

let known: Promise<Map<string, Set<string>>> | undefined;

/** The flags of each command of the CLI, as its help has them. */
export function flagsOfCommands(): Promise<Map<string, Set<string>>> {
  known ??= ask();
  return known;
}

async function ask(): Promise<Map<string, Set<string>>> {
  const names = [...(await help()).matchAll(/^ {2}([a-z-]+) /gm)]
    .map(([, name = ""]) => name)
    .filter((name) => name !== "help");
  const flags = names.map(async (name) => [name, flagsIn(await help(name))] as const);
  return new Map(await Promise.all(flags));
}

export type Known = { scripts: Set<string>; flags: Map<string, Set<string>> };

/** One use of an npm script, with the rest of what it is given. */
export type Use = { script: string; rest: string };

/** Each use of an npm script in a line, up to the next one: `npm run history -- --env prod`. */
export function usesIn(line: string): Use[] {
  const found = line.matchAll(/npm run (?:--silent )?([a-z][a-z0-9:-]*)((?:(?!npm run).)*)/g);
  return [...found].map(([, script = "", rest = ""]) => ({ script, rest }));
}

/** What of a use does not exist. */
export function invented({ script, rest }: Use, { scripts: there, flags }: Known): string[] {
  if (!there.has(script)) return [`there is no script ${script}`];
  const own = flags.get(script);
  return own
    ? [...flagsIn(rest)].filter((flag) => !own.has(flag)).map((flag) => `${script} has no ${flag}`)
    : [];
}
