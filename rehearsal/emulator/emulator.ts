import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, open, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { tether } from "../tether.ts";
import { endEmulatorGroup } from "./group.ts";
import { choosePort } from "./port.ts";
import { waitUntilReady } from "./ready.ts";

const PLUGIN = join(import.meta.dirname, "plugin");

export type EmulatorOptions = {
  /** From `installEmulator`. */
  python: string;
  /** Holds its state and scratch files. */
  directory: string;
  logFile: string;
  /** A free one when left out. */
  port?: number;
  env: NodeJS.ProcessEnv;
  /** Load what an earlier emulator in this directory left; what this one holds is saved at its end either way. */
  keepState: boolean;
  /** A node_modules directory: functions find `@aws-sdk/*` there, as in the real runtime. */
  nodeModules: string;
  /** Makes the draws of weighted aliases repeatable. */
  seed?: string;
  progress: (line: string) => void;
  signal?: AbortSignal;
};

export type Emulator = {
  endpoint: string;
  pid: number;
  stop(): Promise<void>;
  /** Lets it outlive this process; until then it ends with it, however that ends. */
  letGo(): void;
};

/**
 * Starts the emulator on the loopback address and resolves when it answers. `test` / `test` are the administrator's
 * keys; IAM is enforced for everyone else, functions included.
 *
 * Raises port-taken, and emulator-not-ready with the end of its log when it does not answer within 30 s.
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  options.signal?.throwIfAborted();
  const port = await choosePort(options.port);
  await prepare(options);
  const child = await launch(options, port);
  const { letGo } = tether(child);
  const pid = child.pid ?? 0;
  const stop = async () => {
    await stopEmulator(pid, options.env);
    letGo();
  };

  const endpoint = `http://127.0.0.1:${port}`;
  try {
    await waitUntilReady(child, endpoint, options);
  } catch (error) {
    await stop();
    throw error;
  }
  child.unref();
  options.progress(`The AWS emulator answers at ${endpoint}`);
  return { endpoint, pid, stop, letGo };
}

/** Ends an emulator started by this or by another process, functions included; resolves when all of it is gone. */
export async function stopEmulator(pid: number, env: NodeJS.ProcessEnv = {}): Promise<void> {
  if (pid > 1) await endEmulatorGroup(pid, PLUGIN, env);
}

async function prepare({ directory, logFile, keepState }: EmulatorOptions): Promise<void> {
  const stale = keepState ? ["scratch"] : ["scratch", "state", "objects"];
  for (const name of stale) await rm(join(directory, name), { recursive: true, force: true });
  for (const name of ["scratch", "state", "objects"]) await mkdir(join(directory, name), { recursive: true });
  // Functions run below: the nearest package.json says what their `.js` files are, and it must not be the project's.
  await writeFile(join(directory, "scratch", "package.json"), '{ "type": "commonjs" }\n');
  await mkdir(dirname(logFile), { recursive: true });
}

async function launch(options: EmulatorOptions, port: number): Promise<ChildProcess> {
  const log = await open(options.logFile, "w");
  try {
    return spawn(options.python, [PLUGIN], {
      cwd: options.directory,
      detached: true,
      env: environment(options, port),
      stdio: ["ignore", log.fd, log.fd],
    });
  } finally {
    await log.close();
  }
}

/** Nothing of ours passes but this: functions inherit it, and must find no credentials, proxies or CA bundles there. */
function environment(
  { directory, env, nodeModules, seed }: EmulatorOptions,
  port: number,
): NodeJS.ProcessEnv {
  return {
    PATH: [dirname(process.execPath), env.PATH].filter(Boolean).join(":"), // functions run on the Node that runs us
    HOME: env.HOME,
    LANG: env.LANG,
    TMPDIR: join(directory, "scratch"),
    NODE_PATH: nodeModules,
    PYTHONDONTWRITEBYTECODE: "1",
    GATEWAY_PORT: String(port),
    BIND_HOST: "127.0.0.1",
    AUTH: "true",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    PERSIST_STATE: "1",
    STATE_DIR: join(directory, "state"),
    S3_PERSIST: "1",
    S3_DATA_DIR: join(directory, "objects"),
    LAMBDA_WARM_TTL_SECONDS: "5",
    IOT_MTLS_ENABLED: "0", // its port is the same for every emulator on a host
    SFTP_ENABLED: "0",
    DOCKER_HOST: "unix:///nonexistent", // no container of the user's is ours to look at
    ...(seed === undefined ? {} : { EMULATOR_SEED: seed }),
    ...(env.EMULATOR_CALLS ? { EMULATOR_CALLS: env.EMULATOR_CALLS } : {}),
  };
}
