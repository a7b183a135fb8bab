import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { problem } from "./problems.ts";

const PATIENCE_MS = 30_000;
const POLL_MS = 100;
const LINES_OF_LOG = 20;

/** Resolves when the emulator answers; raises emulator-not-ready when it ends first, or takes longer than 30 s. */
export async function waitUntilReady(
  child: ChildProcess,
  endpoint: string,
  { logFile, signal }: { logFile: string; signal?: AbortSignal },
): Promise<void> {
  const done = new AbortController();
  const over = signal ? AbortSignal.any([signal, done.signal]) : done.signal;
  // One that ended at once has told so already, to nobody.
  const exit =
    child.exitCode !== null ? Promise.resolve([child.exitCode]) : once(child, "exit", { signal: over });
  const ended = exit.then(
    ([code]) => `ended with exit code ${code} before it was ready`,
    (error) => (over.aborted ? "" : `could not be started: ${error.message}`),
  );
  const late = delay(PATIENCE_MS, `did not answer within ${PATIENCE_MS / 1000} s`, { signal: over }).catch(
    () => "",
  );
  const why = await Promise.race([answering(endpoint, over), ended, late]);
  done.abort();
  signal?.throwIfAborted();
  if (why) throw problem("emulator-not-ready", { why, log: logFile, tail: await tailOf(logFile) });
}

async function answering(endpoint: string, over: AbortSignal): Promise<string> {
  while (!over.aborted) {
    const answer = await fetch(`${endpoint}/_ministack/health`, { signal: over }).catch(() => undefined);
    if (answer?.ok) return "";
    await delay(POLL_MS, undefined, { signal: over }).catch(() => undefined);
  }
  return "";
}

async function tailOf(logFile: string): Promise<string> {
  const text = await readFile(logFile, "utf8").catch(() => "");
  return text.trimEnd().split("\n").slice(-LINES_OF_LOG).join("\n");
}
