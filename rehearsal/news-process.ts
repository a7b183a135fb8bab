import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { tether } from "./tether.ts";

const SERVER = join(import.meta.dirname, "news", "server.ts");

/** Starts the news server as a process of its own, so that it can outlive this one when it is not tethered. */
export async function startNewsProcess(options: {
  logFile: string;
  tethered: boolean;
}): Promise<{ url: string; pid: number; stop(): Promise<void> }> {
  const log = await open(options.logFile, "w");
  const child = spawn(process.execPath, [SERVER], {
    detached: true,
    env: { PATH: process.env.PATH },
    stdio: ["ignore", "pipe", log.fd],
  }) as ChildProcessByStdio<null, Readable, null>;
  await log.close();
  const end = options.tethered ? tether(child) : async () => void child.kill();
  const lines = createInterface({ input: child.stdout });
  const failed = once(child, "exit").then(() => {
    throw new Error(`the news server ended at its start, see ${options.logFile}`);
  });
  const [url] = await Promise.race([once(lines, "line"), failed]);
  failed.catch(() => {});
  lines.close();
  child.stdout.destroy();
  child.unref();
  return { url: String(url), pid: child.pid ?? 0, stop: end };
}
