import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { run } from "./run.ts";

const POLITE_MS = 5_000;
const FORCED_MS = 2_000;
const POLL_MS = 50;

/**
 * Ends the process group that the emulator `pid` leads, politely and after 5 s by force; resolves when it is gone.
 * Does nothing when `pid` is, by now, some other process: numbers are given out again.
 */
export async function endEmulatorGroup(pid: number, plugin: string, env: NodeJS.ProcessEnv): Promise<void> {
  if (!(await commandOf(pid, env)).includes(plugin)) return;
  for (const [signal, patience] of [
    ["SIGTERM", POLITE_MS],
    ["SIGKILL", FORCED_MS],
  ] as const) {
    if (!send(pid, signal)) return;
    for (let waited = 0; waited < patience; waited += POLL_MS) {
      await delay(POLL_MS);
      if (!send(pid, 0)) return;
    }
  }
}

function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

async function commandOf(pid: number, env: NodeJS.ProcessEnv): Promise<string> {
  const fromProc = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => undefined);
  if (fromProc !== undefined) return fromProc;
  return (await run("ps", ["-o", "command=", "-p", String(pid)], { env })).output;
}
