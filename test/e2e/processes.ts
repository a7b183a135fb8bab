import { readdir, readFile, readlink } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

export type Process = { pid: number; command: string };

/**
 * The living processes that carry a mark: in their environment, which they got from whoever started them, in their
 * command line or as their working directory. Those that have ended, and that nobody has asked about yet, do not count.
 */
export async function marked(mark: string): Promise<Process[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const found = await Promise.all(pids.map((pid) => carries(pid, mark)));
  return found.filter((each) => each !== undefined);
}

async function carries(pid: string, mark: string): Promise<Process | undefined> {
  const read = (name: string) => readFile(`/proc/${pid}/${name}`, "utf8").catch(() => "");
  const [environment, command, stat] = await Promise.all([read("environ"), read("cmdline"), read("stat")]);
  const directory = await readlink(`/proc/${pid}/cwd`).catch(() => "");
  if (/\) [ZX]/.test(stat) || ![environment, command, `${directory}/`].some((text) => text.includes(mark)))
    return undefined;
  return { pid: Number(pid), command: command.replaceAll("\0", " ").trim() };
}

/** What still runs after a time at most: an empty list as soon as nothing does. */
export async function leftAfter(
  mark: string,
  patienceMs: number,
  counts: (process: Process) => boolean = () => true,
): Promise<string[]> {
  for (const end = Date.now() + patienceMs; ; await delay(100)) {
    const left = (await marked(mark)).filter(counts);
    if (left.length === 0 || Date.now() > end) return left.map(({ pid, command }) => `${pid} ${command}`);
  }
}

/** Ends what a failed test left: only processes with the mark, by their number. */
export async function endMarked(mark: string): Promise<void> {
  for (const { pid } of await marked(mark)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended meanwhile.
    }
  }
}
