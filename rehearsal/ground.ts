import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type AwsAccess, accessVariables } from "../orchestrator/adapters/aws-access.ts";
import { environmentNames, loadEnvironment } from "../orchestrator/environment.ts";
import { ADMINISTRATOR } from "./administrator.ts";
import { startEmulator, stopEmulator } from "./emulator/emulator.ts";
import { installEmulator } from "./emulator/install.ts";
import { choosePort } from "./emulator/port.ts";
import { type Footing, layFoundations } from "./foundation.ts";
import { startNewsProcess } from "./news-process.ts";
import { lastRecord, type RehearsalRecord, writeRecord } from "./record.ts";
import { startToolchain } from "./toolchain.ts";

/** A rehearsal's times: long enough to see an alarm of one-second data, short enough to wait for. */
const TIMES = { strategy: "canary:10%/3s", bake: "6s", pollEvery: "500ms", patience: "5s" };

export type Ground = {
  record: RehearsalRecord;
  administrator: AwsAccess;
  stop(): Promise<void>;
  /** Lets it outlive this process. */
  letGo(): void;
};

/**
 * Raises the ground that promotions are rehearsed on: the emulator, the news, and in it what an administrator makes
 * before the first promotion of each environment. All of it ends with this process, however that ends, unless let go.
 */
export async function raise(options: {
  root: string;
  directory: string;
  port?: number;
  keepState: boolean;
  progress: (line: string) => void;
  signal?: AbortSignal;
}): Promise<Ground> {
  const { root, directory, progress, signal } = options;
  await mkdir(directory, { recursive: true });
  const before = options.keepState ? await lastRecord(directory) : undefined;
  const { python } = await installEmulator({ env: process.env, progress, signal });
  const ending: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of ending.toReversed()) await end();
  };
  try {
    const emulator = await startEmulator({
      python,
      directory: join(directory, "emulator"),
      logFile: join(directory, "emulator.log"),
      port: options.port,
      env: process.env,
      keepState: options.keepState,
      nodeModules: join(root, "node_modules"),
      progress,
      signal,
    });
    ending.push(() => emulator.stop());
    const news = await startNewsProcess(join(directory, "news.log"), await newsPort(before));
    ending.push(() => news.stop());
    const region = loadEnvironment(root, environmentNames(root)[0] ?? "").region;
    const administrator = { region, endpoint: emulator.endpoint, credentials: ADMINISTRATOR };
    const toolchain = await startToolchain({
      variables: accessVariables(administrator),
      rehearsed: true,
      progress,
      signal,
    });
    ending.push(() => toolchain.close());
    progress("Laying the foundation of each environment: buckets, ledger, keys, secrets, deployer");
    const footings = await layFoundations({
      root,
      directory,
      administrator,
      toolchain,
      progress: () => {},
      known: before?.environments ?? {},
    });
    ending.pop();
    await toolchain.close();
    signal?.throwIfAborted();
    const record = {
      endpoint: emulator.endpoint,
      emulatorPid: emulator.pid,
      newsPid: news.pid,
      newsUrl: news.url,
      startedAt: new Date().toISOString(),
      environments: rehearsed(root, footings, news.url),
    };
    await writeRecord(directory, record);
    const letGo = () => {
      emulator.letGo();
      news.letGo();
    };
    return { record, administrator, stop, letGo };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The port of the news before, if it can be had: it is in the stack's configuration, and a new one would be a change. */
async function newsPort(before: RehearsalRecord | undefined): Promise<number> {
  if (!before) return 0;
  return await choosePort(Number(new URL(before.newsUrl).port)).catch(() => 0);
}

/** Ends what was let go. */
export async function raze(record: RehearsalRecord): Promise<void> {
  await stopEmulator(record.emulatorPid, process.env);
  try {
    process.kill(-record.newsPid, "SIGTERM");
  } catch {
    // It is gone already.
  }
}

/** What each environment changes for the rehearsal; each trusts the attestations of the keys that were just made. */
function rehearsed(
  root: string,
  footings: Record<string, Footing>,
  newsUrl: string,
): RehearsalRecord["environments"] {
  const entries = Object.entries(footings).map(([name, { credentials, reader }]) => {
    const { requires } = loadEnvironment(root, name).promotion;
    const trusted = requires.map((requirement) => ({
      ...requirement,
      publicKey:
        Object.values(footings).find(({ attests }) => attests === requirement.attestation)?.publicKey ?? "",
    }));
    const configuration = { "sentiment-analyzer:newsApiUrl": newsUrl };
    return [
      name,
      { credentials, reader, promotion: { ...TIMES, requires: trusted }, configuration },
    ] as const;
  });
  return Object.fromEntries(entries);
}
