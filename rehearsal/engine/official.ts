import { randomUUID } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheDirectory, withLock } from "../cache.ts";
import { isExecutable, run } from "./command.ts";
import type { Engine, EngineOptions } from "./engine.ts";
import { fetchInstaller } from "./installer.ts";
import { installAwsPlugin } from "./plugin.ts";
import { wantedAwsPlugin, wantedPulumi } from "./wanted.ts";

const DOWNLOAD_MS = 10 * 60_000;

/** What an earlier run installed. */
export async function cachedOfficial({ env }: EngineOptions): Promise<Engine | undefined> {
  const root = rootIn(env);
  return isExecutable(join(root, "bin", "pulumi")) ? asEngine(root) : undefined;
}

/** The official CLI and AWS plugin, downloaded into the cache; undefined where their site does not answer. */
export async function officialEngine(options: EngineOptions): Promise<Engine | undefined> {
  const script = await fetchInstaller(options);
  if (script === undefined) {
    options.progress("Pulumi's download site cannot be reached");
    return undefined;
  }
  const root = rootIn(options.env);
  await mkdir(cacheDirectory(options.env), { recursive: true });
  return await withLock(
    `${root}.lock`,
    async () =>
      (await cachedOfficial(options)) ??
      ((await install(script, root, options)) ? asEngine(root) : undefined),
    options,
  );
}

async function install(script: string, root: string, options: EngineOptions): Promise<boolean> {
  const draft = `${root}.draft-${randomUUID()}`;
  try {
    await mkdir(draft, { recursive: true });
    const file = join(draft, "install.sh");
    await writeFile(file, script);
    options.progress(`Downloading the Pulumi CLI ${wantedPulumi()}`);
    const { code, tail } = await run(
      "/bin/sh",
      [file, "--no-edit-path", "--install-root", draft, "--version", wantedPulumi()],
      { env: options.env, signal: options.signal, deadlineMs: DOWNLOAD_MS },
    );
    const pulumi = join(draft, "bin", "pulumi");
    if (code !== 0 || !isExecutable(pulumi)) {
      options.progress(`The Pulumi CLI could not be downloaded: ${tail.split("\n").at(-1)}`);
      return false;
    }
    if (!(await installAwsPlugin(pulumi, wantedAwsPlugin(), join(draft, "home"), options))) return false;
    await rename(draft, root);
    return true;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

function rootIn(env: NodeJS.ProcessEnv): string {
  return join(
    cacheDirectory(env),
    `pulumi-${wantedPulumi()}-aws-${wantedAwsPlugin()}-${process.platform}-${process.arch}`,
  );
}

function asEngine(root: string): Engine {
  return {
    source: "official",
    describe: `Engine: the official Pulumi CLI ${wantedPulumi()} with its AWS plugin ${wantedAwsPlugin()}`,
    pulumiRoot: root,
    provider: { kind: "plugin", pulumiHome: join(root, "home") },
  };
}
