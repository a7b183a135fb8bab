import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import type { Checkout } from "./checkout.ts";

/** Python's standard library has the one portable pseudo-terminal that is on every machine that can run the emulator. */
const IN_A_TERMINAL = ["-c", "import pty, sys; pty.spawn(sys.argv[1:])"];
/** A shell that outlives its command, as a person's does: a Ctrl-C ends the command, not the shell. */
const SHELL = `trap : INT; stty rows "\${TERMINAL_ROWS:-40}" columns "\${TERMINAL_COLUMNS:-120}"; "$@"; echo "ended with $?"; stty -a; echo "the prompt"; read _`;

export const CTRL_C = "\x03";
export const HIDE_CURSOR = "\x1b[?25l";
export const SHOW_CURSOR = "\x1b[?25h";

export type Terminal = {
  /** All that was shown so far. */
  shown(): string;
  /** Resolves when something like it was shown. */
  shows(wanted: RegExp, patienceMs: number): Promise<void>;
  type(keys: string): void;
  /** Closes the window. */
  close(): Promise<void>;
};

/** Opens a terminal, TERMINAL_ROWS by TERMINAL_COLUMNS, with a shell that runs a command in a checkout. */
export function openTerminal(
  checkout: Pick<Checkout, "root" | "env">,
  command: string[],
  env: NodeJS.ProcessEnv = {},
): Terminal {
  const words = [...IN_A_TERMINAL, "sh", "-c", SHELL, "sh", ...command];
  const child = spawn("python3", words, {
    cwd: checkout.root,
    env: { ...checkout.env, TERM: "xterm-256color", ...env },
    stdio: ["pipe", "pipe", "inherit"],
  }) as ChildProcessByStdio<Writable, Readable, null>;
  let shown = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (shown += text));
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return {
    shown: () => shown,
    async shows(wanted, patienceMs) {
      for (const end = Date.now() + patienceMs; !wanted.test(shown); await delay(20))
        if (Date.now() > end || /the prompt/.test(shown))
          throw new Error(`${wanted} was not shown:\n${shown.slice(-3_000)}`);
    },
    type: (keys) => void child.stdin.write(keys),
    async close() {
      child.stdin.write("\n");
      await closed;
    },
  };
}

/** Throws unless a person can go on typing: the terminal's settings as the shell sees them, and a cursor. */
export function isUsable(shown: string): void {
  const mode = shown.slice(shown.indexOf("ended with"));
  for (const setting of ["icanon", "echo", "isig", "icrnl", "opost"])
    expect(mode).to.match(new RegExp(`(^|\\s)${setting}(;|\\s|$)`, "m"));
  expect(shown.lastIndexOf(SHOW_CURSOR), "the cursor").to.be.at.least(shown.lastIndexOf(HIDE_CURSOR));
}

/** Neither the shell that waits at its prompt nor the window around it. */
export const isNotTheTerminal = ({ command }: { command: string }) =>
  !command.includes("pty.spawn") && !command.includes("trap : INT");
