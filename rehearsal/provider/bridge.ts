import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { tether } from "../tether.ts";
import { problem } from "./problems.ts";

const NO_ENGINE_YET = "127.0.0.1:1"; // the bridge insists on an address; the engine brings its own when it attaches
const START_MS = 30_000;
const TAIL = 20;

export type Bridge = {
  port: number;
  pid: number;
  /** Why it does not answer any more; undefined while it runs. */
  whyGone(): string | undefined;
  stop(): Promise<void>;
};

/**
 * Starts the bridge in a process group of its own, tied to our life, with the given environment. The Terraform provider
 * that it will start is in the same group: ending the bridge alone would leave 300 MB behind.
 */
export async function startBridge(
  binary: string,
  { env, log }: { env: NodeJS.ProcessEnv; log: (line: string) => void },
): Promise<Bridge> {
  const { AWS_CA_BUNDLE: _, ...rest } = env; // the Terraform provider refuses to start with it
  const child = spawn(binary, [NO_ENGINE_YET], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: rest,
  });
  const { end: stop } = tether(child);
  const tail: string[] = [];
  let ended: string | undefined;
  child.once("exit", (code, signal) => {
    ended = `the provider's process ended unexpectedly (${signal ?? `exit code ${code}`})`;
  });
  createInterface({ input: child.stderr }).on("line", (line) => {
    log(line);
    tail.push(line);
    if (tail.length > TAIL) tail.shift();
  });
  try {
    const port = await announcedPort(child);
    return { port, pid: child.pid as number, stop, whyGone: () => ended && [ended, ...tail].join("\n") };
  } catch (error) {
    await stop();
    const detail = [error instanceof Error ? error.message : String(error), ...tail].join("\n");
    throw problem("provider-start-failed", { bridge: binary, detail }, error);
  }
}

/** The bridge's first line on stdout is the port it listens on. */
function announcedPort(child: ChildProcessByStdio<null, Readable, Readable>): Promise<number> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Error(`no port announced within ${START_MS / 1000} s`)),
      START_MS,
    );
    const fail = (error: Error) => {
      clearTimeout(late);
      reject(error);
    };
    child.once("error", fail);
    child.once("exit", (code, signal) => fail(new Error(`ended with ${signal ?? `exit code ${code}`}`)));
    createInterface({ input: child.stdout }).once("line", (line) => {
      clearTimeout(late);
      if (/^\d+$/.test(line)) resolve(Number(line));
      else reject(new Error(`announced ${JSON.stringify(line)} instead of a port`));
    });
  });
}
