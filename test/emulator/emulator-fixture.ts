import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Emulator, startEmulator } from "../../rehearsal/emulator/emulator.ts";
import { installEmulator } from "../../rehearsal/emulator/install.ts";

export const nodeModules = join(import.meta.dirname, "../../node_modules");
export const region = "us-east-1";
export const account = "000000000000";

let shared: Promise<Emulator & { directory: string }> | undefined;

/** The one emulator that all contract tests of a run share; it ends with the run. */
export function emulator(): Promise<Emulator & { directory: string }> {
  shared ??= start();
  return shared;
}

/** What an AWS SDK client needs to talk to the shared emulator, as the administrator or as somebody else. */
export async function clientConfig(
  credentials: { accessKeyId: string; secretAccessKey: string } = administrator,
) {
  return { endpoint: (await emulator()).endpoint, region, credentials, maxAttempts: 1 };
}

const administrator = { accessKeyId: "test", secretAccessKey: "test" };

/** Asks again until the answer is not undefined or false; fails after the patience is over, 8 s unless told. */
export async function eventually<T>(
  ask: () => Promise<T | undefined | false>,
  patienceMs = 8_000,
): Promise<T> {
  for (const end = Date.now() + patienceMs; ; await delay(100)) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > end) throw new Error(`nothing came within ${patienceMs} ms`);
  }
}

async function start(): Promise<Emulator & { directory: string }> {
  const progress = () => {};
  const directory = await mkdtemp(join(tmpdir(), "emulator-"));
  const { python } = await installEmulator({ env: process.env, progress });
  const started = await startEmulator({
    python,
    directory,
    logFile: join(directory, "emulator.log"),
    env: { ...process.env, LEAKED: "yes" },
    keepState: false,
    nodeModules,
    seed: "7",
    progress,
  });
  return { ...started, directory };
}

after(async () => {
  const started = await shared;
  await started?.stop();
  if (started) await rm(started.directory, { recursive: true, force: true });
});

before(async function () {
  this.timeout(180_000); // the first run on a machine installs it
  await emulator();
});
