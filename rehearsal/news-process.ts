import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { tether } from "./tether.ts";

const SERVER = join(import.meta.dirname, "news", "server.ts");

/**
 * Starts the news server as a process of its own, so that it can outlive this one when it is let go.
 * @param port 0 takes a free one
 */
export async function startNewsProcess(
  logFile: string,
  port = 0,
): Promise<{ url: string; pid: number; stop(): Promise<void>; letGo(): void }> {
  const log = await open(logFile, "w");
  const child = spawn(process.execPath, [SERVER, "--port", String(port)], {
    detached: true,
    env: { PATH: process.env.PATH },
    stdio: ["ignore", "pipe", log.fd],
  }) as ChildProcessByStdio<null, Readable, null>;
  await log.close();
  const { end, letGo } = tether(child);
  const lines = createInterface({ input: child.stdout });
  const failed = once(child, "exit").then(() => {
    throw new Error(`the news server ended at its start, see ${logFile}`);
  });
  const [url] = await Promise.race([once(lines, "line"), failed]);
  failed.catch(() => {});
  lines.close();
  child.stdout.destroy();
  child.unref();
  return { url: String(url), pid: child.pid ?? 0, stop: end, letGo };
}
