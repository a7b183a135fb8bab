import type { ChildProcess } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { promotionProblem } from "../promotion/problems.ts";

/** What the Automation API calls for each command; it is no part of its types. */
type Run = (
  args: string[],
  cwd: string,
  env: Record<string, string>,
  onOutput?: (text: string) => void,
  onError?: (text: string) => void,
  signal?: AbortSignal,
) => Promise<{ stdout: string }>;

export type Cli = { run: Run };

/**
 * Makes a CLI end in time when it is told to stop: its own interrupt, which the Automation API sends, waits for whatever
 * AWS is at, however long that takes. One that is killed leaves its lock, and does not know what became of the resources
 * it was at; the error says so.
 * @param graceMs how long it has after the interrupt
 */
export function endsInTime(command: PulumiCommand, graceMs: number): PulumiCommand & Cli {
  const made = command as PulumiCommand & Cli;
  const run = made.run.bind(made);
  made.run = async (args, cwd, env, onOutput, onError, signal) => {
    if (!signal) return await run(args, cwd, env, onOutput, onError);
    const { child, ended } = started(() => run(args, cwd, env, onOutput, onError, signal));
    let timer: NodeJS.Timeout | undefined;
    const endSoon = () => {
      timer = setTimeout(() => child?.kill("SIGKILL"), graceMs);
    };
    signal.addEventListener("abort", endSoon);
    try {
      return await ended;
    } catch (error) {
      if (child?.signalCode === "SIGKILL" && signal.aborted)
        throw promotionProblem("engine-cut-off", { graceSeconds: String(graceMs / 1_000) }, error);
      throw error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", endSoon);
    }
  };
  return made;
}

/** The process that a call starts before it first waits. The Automation API keeps it to itself. */
function started<T>(call: () => Promise<T>): { child: ChildProcess | undefined; ended: Promise<T> } {
  let child: ChildProcess | undefined;
  const hear = (message: unknown) => {
    child = (message as { process: ChildProcess }).process;
  };
  subscribe("child_process", hear);
  try {
    const ended = call();
    return { child, ended };
  } finally {
    unsubscribe("child_process", hear);
  }
}
