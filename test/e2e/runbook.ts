import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { lexer } from "marked";
import type { Checkout } from "./checkout.ts";
import { type Ended, launch } from "./command.ts";

const FILE = join(import.meta.dirname, "../../docs/RUNBOOK_FAILURE_RECOVERY.md");

/** What a person is told to type. `exits` is what it should end with; what needs GitHub says so and is shown elsewhere. */
export type Told = { heading: string; line: string; exits: number; onGitHub: boolean };

/** Every command in the fenced blocks of the runbook, in its order, with the heading that it stands below. */
export function told(markdown = readFileSync(FILE, "utf8")): Told[] {
  const found: Told[] = [];
  let heading = "";
  for (const token of lexer(markdown)) {
    if (token.type === "heading") heading = token.text;
    for (const block of blocksIn(token))
      found.push(...commandsIn(block).map((each) => ({ heading, ...each })));
  }
  return found;
}

type Token = ReturnType<typeof lexer>[number];

/** The shell blocks of a token, those within lists too. */
function blocksIn(token: Token): string[] {
  if (token.type === "code") return token.lang === "bash" ? [token.text] : [];
  const inner =
    (token as { tokens?: Token[]; items?: Token[] }).items ?? (token as { tokens?: Token[] }).tokens ?? [];
  return inner.flatMap(blocksIn);
}

function commandsIn(block: string): Omit<Told, "heading">[] {
  return block
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [, command = line, comment = ""] = /^(.*?)(?:\s+# (.*))?$/.exec(line) ?? [];
      return {
        line: command.trim(),
        exits: Number(/ends with (\d)/.exec(comment)?.[1] ?? 0),
        onGitHub: comment.includes("on GitHub"),
      };
    });
}

const typed = new Set<string>();

/**
 * Types the commands below a heading into a shell, as a person would, for the rehearsal environment. `fill` says what
 * stands for each placeholder; `only` picks some of them. Each must end as the runbook says.
 */
export async function follow(
  checkout: Checkout,
  heading: string,
  {
    fill = {},
    env = {},
    only = /./,
  }: { fill?: Record<string, string>; env?: NodeJS.ProcessEnv; only?: RegExp } = {},
): Promise<Ended[]> {
  const commands = told().filter(
    (each) => each.heading === heading && !each.onGitHub && only.test(each.line),
  );
  expect(commands, `commands below "${heading}"`).not.to.have.length(0);
  const ended: Ended[] = [];
  for (const { line, exits } of commands) {
    const filled = line.replaceAll(/<([^>]+)>/g, (whole, name: string) => fill[name] ?? whole);
    // The rehearsal's deployers have keys of their own, and no profiles.
    const local = `${filled.replaceAll(/ --(with-)?profile \S+/g, "")} --local`;
    expect(local, "a placeholder that nothing stands for").not.to.match(/<[a-z ]+>/);
    const done = await launch(checkout, ["sh", "-c", /^npm run package/.test(filled) ? filled : local], env)
      .ended;
    expect(done.code, `${local}\n${done.out}\n${done.err}`).to.equal(exits);
    typed.add(`${heading}: ${line}`);
    ended.push(done);
  }
  return ended;
}

/** The commands below some headings that nobody has typed. */
export const untyped = (headings: RegExp): string[] =>
  told()
    .filter(({ heading, onGitHub }) => headings.test(heading) && !onGitHub)
    .map(({ heading, line }) => `${heading}: ${line}`)
    .filter((each) => !typed.has(each));
