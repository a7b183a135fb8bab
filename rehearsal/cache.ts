import { randomUUID } from "node:crypto";
import { link, mkdir, readdir, readFile, rm, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { homedir, hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const POLL_MS = 200;
const HEARTBEAT_MS = 10_000;
const SILENCE_OF_THE_DEAD_MS = 120_000;

/** Where this project keeps what it can always make again: the user's cache directory, as the platform defines it. */
export function cacheDirectory(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  const home = env.HOME || homedir();
  const ofThePlatform = platform === "darwin" ? join(home, "Library", "Caches") : join(home, ".cache");
  return join(env.XDG_CACHE_HOME || ofThePlatform, "sentiment-analyzer-promotion");
}

/**
 * Runs `work` while no other process runs work under the same path; says once if it has to wait, and for whom.
 *
 * The lock is a directory of numbered files, of which only the highest counts. It is free when that file is empty or
 * its holder died, and it is taken by creating the next number, which the file system grants to exactly one
 * contender: nobody ever removes a lock that somebody else may just have taken.
 *
 * Rejects with the signal's reason when aborted while waiting; `work` itself has to watch the signal.
 */
export async function withLock<T>(
  lockPath: string,
  work: () => Promise<T>,
  options: { progress: (line: string) => void; signal?: AbortSignal },
): Promise<T> {
  await mkdir(lockPath, { recursive: true });
  const mine = await acquire(lockPath, options);
  const heartbeat = setInterval(() => void touch(mine), HEARTBEAT_MS);
  heartbeat.unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    await truncate(mine).catch(ignoreMissing);
  }
}

type Holder = { pid: number; started: string | undefined; host: string };

async function acquire(
  lockPath: string,
  { progress, signal }: { progress: (line: string) => void; signal?: AbortSignal },
): Promise<string> {
  for (let told = false; ; await delay(POLL_MS)) {
    signal?.throwIfAborted();
    const highest = Math.max(0, ...(await generations(lockPath)));
    const holder = highest > 0 ? await holderOf(join(lockPath, String(highest))) : undefined;
    if (holder === undefined) {
      const mine = await take(lockPath, highest + 1);
      if (mine !== undefined) return mine;
    } else if (!told) {
      progress(`waiting for process ${holder.pid}, which holds ${lockPath}`);
      told = true;
    }
  }
}

async function take(lockPath: string, generation: number): Promise<string | undefined> {
  const mine = join(lockPath, String(generation));
  const draft = join(lockPath, `draft-${randomUUID()}`);
  const holder: Holder = { pid: process.pid, started: await startOf(process.pid), host: hostname() };
  await writeFile(draft, JSON.stringify(holder));
  try {
    await link(draft, mine); // linking, not writing: the file is never seen half written
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return undefined;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const others = (await generations(lockPath)).filter((other) => other !== generation);
  if (others.some((other) => other > generation)) {
    await rm(mine, { force: true }); // we had looked before others took and left the lock
    return undefined;
  }
  for (const past of others) await rm(join(lockPath, String(past)), { force: true });
  return mine;
}

async function generations(lockPath: string): Promise<number[]> {
  return (await readdir(lockPath)).filter((name) => /^\d+$/.test(name)).map(Number);
}

/** The living holder that the file names; undefined when the lock was released, or its holder died. */
async function holderOf(file: string): Promise<Holder | undefined> {
  const text = await readFile(file, "utf8").catch(ignoreMissing);
  if (!text) return undefined;
  const holder = JSON.parse(text) as Holder;
  return (await isAlive(holder, file)) ? holder : undefined;
}

async function isAlive(holder: Holder, file: string): Promise<boolean> {
  if (holder.host !== hostname()) {
    const beat = await stat(file).catch(ignoreMissing);
    return beat !== undefined && Date.now() - beat.mtimeMs < SILENCE_OF_THE_DEAD_MS;
  }
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return (await startOf(holder.pid)) === holder.started; // else its number was given to another process
}

/** When a process started, in the kernel's own words; undefined where there is no /proc. */
async function startOf(pid: number): Promise<string | undefined> {
  const line = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  return line?.slice(line.lastIndexOf(")") + 2).split(" ")[19];
}

async function touch(file: string): Promise<void> {
  const now = new Date();
  await utimes(file, now, now).catch(ignoreMissing);
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
