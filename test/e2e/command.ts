import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { Checkout } from "./checkout.ts";

export type Ended = {
  code: number | null;
  signal: NodeJS.Signals | null;
  out: string;
  err: string;
  ms: number;
};

export type Running = {
  pid: number;
  kill(signal: NodeJS.Signals): void;
  /** Resolves with the first line of stderr, from its start, that fits; rejects when it ends without one. */
  says(wanted: RegExp): Promise<string>;
  ended: Promise<Ended>;
};

/** Starts a command of the CLI in a checkout, as a shell would. */
export function start(checkout: Checkout, args: string[], env: NodeJS.ProcessEnv = {}): Running {
  return launch(checkout, [process.execPath, "orchestrator/cli.ts", ...args], env);
}

/** Runs a command of the CLI to its end. */
export const run = (checkout: Checkout, args: string[], env?: NodeJS.ProcessEnv): Promise<Ended> =>
  start(checkout, args, env).ended;

/** Starts any program in a checkout. */
export function launch(checkout: Checkout, words: string[], env: NodeJS.ProcessEnv = {}): Running {
  const began = performance.now();
  const [program = "", ...args] = words;
  const child = spawn(program, args, {
    cwd: checkout.root,
    env: { ...checkout.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  }) as ChildProcessByStdio<null, Readable, Readable>;
  const heard: string[] = [];
  let waiting: ((line: string) => void)[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => {
    heard.push(line);
    for (const hear of waiting) hear(line);
  });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      const err = heard.map((line) => `${line}\n`).join("");
      transcript.push(out, err);
      resolve({ code, signal, out, err, ms: Math.round(performance.now() - began) });
    });
  });
  return {
    pid: child.pid ?? 0,
    kill: (signal) => void child.kill(signal),
    ended,
    says: (wanted) =>
      new Promise((resolve, reject) => {
        const hear = (line: string) => {
          if (!wanted.test(line)) return;
          waiting = waiting.filter((each) => each !== hear);
          resolve(line);
        };
        waiting.push(hear);
        for (const line of heard) hear(line);
        ended.then(({ err }) => reject(new Error(`it ended without saying ${wanted}:\n${err}`)), reject);
      }),
  };
}

/** All that commands have printed so far: what must not be in it is looked for at the end. */
export const transcript: string[] = [];

/** The one document on stdout. Throws when there is anything else. */
export function documentOf({ out, err }: Ended): Record<string, unknown> {
  try {
    return JSON.parse(out);
  } catch {
    throw new Error(`stdout is not one JSON document: ${out.slice(0, 500)}\nstderr:\n${err.slice(-2_000)}`);
  }
}
