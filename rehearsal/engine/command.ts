import { spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { tether } from "../tether.ts";

const TAIL = 20;

export type Ended = {
  /** The exit code; undefined when it was ended by a signal, by its deadline or could not be started. */
  code: number | undefined;
  stdout: string;
  /** The last lines of stderr, or why it could not be started. */
  tail: string;
};

type Options = {
  env: NodeJS.ProcessEnv;
  cwd?: string;
  signal?: AbortSignal;
  deadlineMs?: number;
  onStderr?: (line: string) => void;
};

/**
 * Runs a command to its end in a process group of its own, which ends with us. A failing command is an answer, not an
 * exception; an abort ends the whole group and rejects with the signal's reason.
 */
export async function run(command: string, args: string[], options: Options): Promise<Ended> {
  options.signal?.throwIfAborted();
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const { end: endGroup } = tether(child);
  const tail: string[] = [];
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  createInterface({ input: child.stderr }).on("line", (line) => {
    tail.push(line);
    if (tail.length > TAIL) tail.shift();
    options.onStderr?.(line);
  });
  const cut = AbortSignal.any([
    ...(options.signal ? [options.signal] : []),
    ...(options.deadlineMs ? [AbortSignal.timeout(options.deadlineMs)] : []),
  ]);
  const end = () => void endGroup();
  cut.addEventListener("abort", end);
  try {
    const code = await new Promise<number | undefined>((resolve) => {
      child.once("error", (error) => {
        tail.push(error.message);
        resolve(undefined);
      });
      child.once("close", (status) => resolve(status ?? undefined));
    });
    return { code, stdout, tail: tail.join("\n") };
  } finally {
    cut.removeEventListener("abort", end);
    await endGroup();
    options.signal?.throwIfAborted();
  }
}

/** The executable file that the PATH of `env` gives for a name. */
export function findOnPath(name: string, env: NodeJS.ProcessEnv): string | undefined {
  return (env.PATH ?? "")
    .split(delimiter)
    .filter((directory) => directory !== "")
    .map((directory) => join(directory, name))
    .find(isExecutable);
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
