import { problem } from "./problems.ts";
import { run } from "./run.ts";

const WANTED: [number, number] = [3, 10];
const ASK = "import sys; print('%d.%d' % sys.version_info[:2])";

/** A Python that is new enough: the command to call it by, and its version as `3.11`. */
export type Python = { command: string; version: string };

/** Looks for Python >= 3.10 on the PATH; raises `python-missing` or `python-too-old`. */
export async function findPython(env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<Python> {
  const wanted = WANTED.join(".");
  const found: string[] = [];
  for (const command of ["python3", "python"]) {
    const { code, output } = await run(command, ["-c", ASK], { env, signal });
    const version = output.trim();
    if (code !== 0 || !/^\d+\.\d+$/.test(version)) continue;
    if (isEnough(version)) return { command, version };
    found.push(version);
  }
  if (found.length === 0) throw problem("python-missing", { wanted });
  throw problem("python-too-old", { wanted, found: found.join(" and ") });
}

function isEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > WANTED[0] || (major === WANTED[0] && minor >= WANTED[1]);
}
