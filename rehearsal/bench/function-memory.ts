import { readdir, readFile } from "node:fs/promises";

const EVERY_MS = 250;

/** The most that processes of a function were seen to take: the largest one in megabytes, and how many there were at once. */
export type FunctionMemory = { largest: number; processes: number };

/**
 * Watches the processes that run functions, by the function's name in their environment. Empty where the system does not
 * show it, as anywhere but on Linux.
 */
export function watchFunctions(names: string[]): { end(): Record<string, FunctionMemory> } {
  const most: Record<string, FunctionMemory> = {};
  let looking = Promise.resolve();
  const look = async () => {
    for (const [name, sizes] of Object.entries(await sizesOf(names))) {
      const { largest, processes } = most[name] ?? { largest: 0, processes: 0 };
      most[name] = {
        largest: Math.max(largest, ...sizes),
        processes: Math.max(processes, sizes.length),
      };
    }
  };
  const timer = setInterval(() => {
    looking = looking.then(look).catch(() => {});
  }, EVERY_MS);
  timer.unref();
  return {
    end() {
      clearInterval(timer);
      return most;
    },
  };
}

async function sizesOf(names: string[]): Promise<Record<string, number[]>> {
  const sizes: Record<string, number[]> = {};
  const pids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
  for (const pid of pids) {
    // A process may end while it is looked at.
    const variables = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
    const name = /(?:^|\0)AWS_LAMBDA_FUNCTION_NAME=([^\0]*)/.exec(variables)?.[1];
    if (name === undefined || !names.includes(name)) continue;
    const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
    const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
    if (kilobytes > 0) sizes[name] = [...(sizes[name] ?? []), Math.round(kilobytes / 1024)];
  }
  return sizes;
}
