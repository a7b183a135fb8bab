import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { access, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheDirectory, withLock } from "../cache.ts";
import { problem } from "./problems.ts";
import { findPython, type Python } from "./python.ts";
import { run } from "./run.ts";

const REQUIREMENTS = join(import.meta.dirname, "requirements.txt");
/** Written last: a virtual environment without it was left half-way, and cannot be moved, so it is started over. */
const STAMP = ".complete";
const LINES_OF_PIP = 15;

type Options = { env: NodeJS.ProcessEnv; progress: (line: string) => void; signal?: AbortSignal };

/**
 * Sees to it that the emulator is installed, in a virtual environment in the user's cache directory named by what is
 * in it, and gives the Python to start it with. Asks nobody and starts nothing when it is there already.
 *
 * Raises python-missing, python-too-old, emulator-install-failed.
 */
export async function installEmulator(options: Options): Promise<{ python: string }> {
  const cache = cacheDirectory(options.env);
  const requirements = await readFile(REQUIREMENTS, "utf8");
  const name = `emulator-${createHash("sha256").update(requirements).digest("hex").slice(0, 12)}`;
  const present = await findInstalled(cache, name);
  if (present) return { python: present };

  const python = await findPython(options.env, options.signal);
  const directory = join(cache, `${name}-py${python.version}`);
  await mkdir(cache, { recursive: true });
  return await withLock(`${directory}.lock`, () => installInto(directory, python, options), options);
}

async function findInstalled(cache: string, name: string): Promise<string | undefined> {
  const entries = await readdir(cache).catch(() => []);
  for (const entry of entries.filter((entry) => entry.startsWith(`${name}-py`) && !entry.endsWith(".lock"))) {
    if (await isComplete(join(cache, entry))) return pythonIn(join(cache, entry));
  }
  return undefined;
}

/** The Python that a virtual environment links to may have been removed since: then it is not complete either. */
async function isComplete(directory: string): Promise<boolean> {
  try {
    await access(join(directory, STAMP));
    await access(pythonIn(directory), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function installInto(directory: string, python: Python, options: Options): Promise<{ python: string }> {
  const installed = { python: pythonIn(directory) };
  if (await isComplete(directory)) return installed; // somebody else did it while we waited for the lock
  await rm(directory, { recursive: true, force: true });

  options.progress(`Installing the AWS emulator with Python ${python.version} into ${directory}`);
  await step("python -m venv", python.command, ["-m", "venv", directory], options);
  const pip = [
    "-m",
    "pip",
    "install",
    "--disable-pip-version-check",
    "--no-input",
    "--retries",
    "2",
    "--timeout",
    "15",
  ];
  await step("pip install", installed.python, [...pip, "-r", REQUIREMENTS], options);
  await writeFile(join(directory, STAMP), "");
  options.progress("The AWS emulator is installed");
  return installed;
}

async function step(name: string, command: string, args: string[], options: Options): Promise<void> {
  const { code, output } = await run(command, args, options);
  if (code === 0) return;
  const last = output.trimEnd().split("\n").slice(-LINES_OF_PIP).join("\n");
  throw problem("emulator-install-failed", { step: name, output: last });
}

function pythonIn(directory: string): string {
  return join(directory, "bin", "python");
}
