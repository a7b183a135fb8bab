import { spawn } from "node:child_process";

/**
 * Runs a command to its end and gives its exit code and what it printed; a command that is not there has the code 127.
 * When the signal aborts, the command and all it started are ended, and the promise rejects with the signal's reason.
 */
export async function run(
  command: string,
  args: string[],
  options: { env: NodeJS.ProcessEnv; signal?: AbortSignal },
): Promise<{ code: number; output: string }> {
  options.signal?.throwIfAborted();
  const child = spawn(command, args, { env: options.env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const end = () => endGroup(child.pid);
  options.signal?.addEventListener("abort", end);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const code = await new Promise<number>((resolve) => {
    child.once("error", (error) => {
      output += error.message;
      resolve(127);
    });
    child.once("close", (exit) => resolve(exit ?? 1));
  });
  options.signal?.removeEventListener("abort", end);
  options.signal?.throwIfAborted();
  return { code, output };
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // already gone
  }
}
