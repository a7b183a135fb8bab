import { mkdir, rm, symlink } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { cacheDirectory } from "../cache.ts";
import { findOnPath, run } from "./command.ts";
import type { Engine, EngineOptions } from "./engine.ts";
import { installerIsReachable } from "./installer.ts";
import { installAwsPlugin } from "./plugin.ts";
import { compareVersions, wantedAwsPlugin, wantedPulumi } from "./wanted.ts";

const ANSWER_MS = 10_000;

/** The Pulumi CLI on the PATH, if its version fits and its AWS plugin is there or can be installed. */
export async function installedEngine(options: EngineOptions): Promise<Engine | undefined> {
  const pulumi = findOnPath("pulumi", options.env);
  if (pulumi === undefined) return undefined;
  const version = await versionOf(pulumi, options);
  if (version === undefined || !fits(version)) {
    options.progress(
      `The installed Pulumi CLI ${version ?? `(${pulumi})`} does not fit: ${wantedPulumi()} is wanted`,
    );
    return undefined;
  }
  const plugin = wantedAwsPlugin();
  const pulumiHome = options.env.PULUMI_HOME || join(options.env.HOME || homedir(), ".pulumi");
  if (!(await hasAwsPlugin(pulumi, plugin, pulumiHome, options))) {
    const installed =
      (await installerIsReachable(options)) && (await installAwsPlugin(pulumi, plugin, pulumiHome, options));
    if (!installed) {
      options.progress(
        `The installed Pulumi CLI ${version} lacks its AWS plugin ${plugin}, which cannot be had now`,
      );
      return undefined;
    }
  }
  return {
    source: "installed",
    describe: `Engine: the installed Pulumi CLI ${version} with its AWS plugin ${plugin}`,
    pulumiRoot: await rootOf(pulumi, options.env),
    provider: { kind: "plugin", pulumiHome },
  };
}

/** Whether the CLI on the PATH fits and has its AWS plugin, and what is there; undefined where there is none. */
export async function findInstalled(
  options: EngineOptions,
): Promise<{ fits: boolean; said: string } | undefined> {
  const pulumi = findOnPath("pulumi", options.env);
  if (pulumi === undefined) return undefined;
  const version = await versionOf(pulumi, options);
  if (version === undefined || !fits(version))
    return { fits: false, said: `the installed Pulumi CLI is ${version ?? "of an unknown version"}` };
  const plugin = wantedAwsPlugin();
  const home = options.env.PULUMI_HOME || join(options.env.HOME || homedir(), ".pulumi");
  return (await hasAwsPlugin(pulumi, plugin, home, options))
    ? { fits: true, said: `the installed Pulumi CLI ${version} with its AWS plugin ${plugin}` }
    : { fits: false, said: `the installed Pulumi CLI ${version} lacks its AWS plugin` };
}

/** The plan's format and the flags that we use are those of the pinned version; newer ones keep them, 4 may not. */
function fits(version: string): boolean {
  const wanted = wantedPulumi();
  return version.split(".")[0] === wanted.split(".")[0] && compareVersions(version, wanted) >= 0;
}

async function versionOf(pulumi: string, { env, signal }: EngineOptions): Promise<string | undefined> {
  const quiet = { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const { stdout } = await run(pulumi, ["version"], { env: quiet, signal, deadlineMs: ANSWER_MS });
  return /^v?(\d+\.\d+\.\d+\S*)/.exec(stdout.trim())?.[1];
}

async function hasAwsPlugin(
  pulumi: string,
  version: string,
  pulumiHome: string,
  { env, signal }: EngineOptions,
): Promise<boolean> {
  const quiet = { ...env, PULUMI_HOME: pulumiHome, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const { code, stdout } = await run(pulumi, ["plugin", "ls", "--json"], {
    env: quiet,
    signal,
    deadlineMs: ANSWER_MS,
  });
  if (code !== 0) return false;
  const plugins = JSON.parse(stdout) as { name: string; kind: string; version?: string }[];
  return plugins.some(
    (plugin) => plugin.kind === "resource" && plugin.name === "aws" && plugin.version === version,
  );
}

/** The Automation API takes a directory with bin/pulumi in it: a CLI that lies elsewhere is linked into one. */
async function rootOf(pulumi: string, env: NodeJS.ProcessEnv): Promise<string> {
  const directory = dirname(pulumi);
  if (basename(directory) === "bin") return dirname(directory);
  const root = join(cacheDirectory(env), "installed-pulumi");
  await mkdir(join(root, "bin"), { recursive: true });
  await rm(join(root, "bin", "pulumi"), { force: true });
  await symlink(pulumi, join(root, "bin", "pulumi"));
  return root;
}
