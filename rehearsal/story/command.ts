import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { tether } from "../tether.ts";

const CLI = join(import.meta.dirname, "..", "..", "orchestrator", "cli.ts");

/** What a command of the CLI left: its exit code, and the one JSON document on its stdout. */
export type Ended = { code: number | null; document: Record<string, unknown> };

/**
 * Runs a command of the CLI as a person or CI would, in a process of its own that ends with ours.
 * @param hear gets each line of progress
 */
export async function command(
  args: string[],
  options: {
    directory: string;
    signal: AbortSignal;
    hear: (line: string) => void;
    began?: (pid: number) => void;
  },
): Promise<Ended> {
  options.signal.throwIfAborted();
  const child = spawn(process.execPath, [CLI, ...args, "--json"], {
    detached: true,
    env: { ...process.env, REHEARSAL_DIR: options.directory },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const { end } = tether(child);
  const stop = () => void end();
  options.signal.addEventListener("abort", stop, { once: true });
  options.began?.(child.pid ?? 0);
  createInterface({ input: child.stderr }).on("line", options.hear);
  const out: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  options.signal.removeEventListener("abort", stop);
  await end();
  options.signal.throwIfAborted();
  const text = Buffer.concat(out).toString("utf8");
  try {
    return { code, document: JSON.parse(text) };
  } catch {
    throw new Error(
      `${args.join(" ")} ended with exit code ${code} and no document on stdout: ${text.slice(0, 300)}`,
    );
  }
}
