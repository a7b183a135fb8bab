import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { cacheDirectory } from "../cache.ts";
import { findOnPath, isExecutable, run } from "./command.ts";
import type { EngineOptions } from "./engine.ts";
import { problem } from "./problems.ts";
import { compareVersions, TERRAFORM_AWS } from "./wanted.ts";

const DOWNLOAD_MS = 10 * 60_000;

export type TerraformProvider = { path: string; version: string };

/**
 * The Terraform AWS provider's binary, some 700 MB: one that is on this machine where Terraform would look for it, else
 * fetched by Terraform if that is installed. Throws the problem terraform-provider-missing.
 */
export async function obtainTerraformProvider(options: EngineOptions): Promise<TerraformProvider> {
  const found = await findTerraformProvider(options);
  if (found !== undefined) return found;
  const ours = ourMirror(options);
  const tried = await fetchByTerraform(ours, options);
  const fetched = await findIn(ours);
  if (fetched !== undefined) return fetched;
  throw problem("terraform-provider-missing", { version: TERRAFORM_AWS, tried, directory: ours });
}

/** The one that is on this machine already: the pinned version, else the newest of the same major version. */
export async function findTerraformProvider(options: EngineOptions): Promise<TerraformProvider | undefined> {
  const found: TerraformProvider[] = [];
  for (const directory of [...(await mirrors(options)), ourMirror(options)]) {
    const provider = await findIn(directory);
    if (provider?.version === TERRAFORM_AWS) return provider;
    if (provider !== undefined) found.push(provider);
  }
  return found.sort((a, b) => compareVersions(b.version, a.version))[0];
}

/**
 * Where providers lie unpacked: Terraform's plugin cache, its implied local mirrors, and add-on packages, which the
 * Filesystem Hierarchy Standard puts in directories of their own under /opt.
 */
async function mirrors({ env, optRoot = "/opt" }: EngineOptions): Promise<string[]> {
  const home = env.HOME || homedir();
  const shared = (env.XDG_DATA_DIRS || "/usr/local/share:/usr/share").split(delimiter);
  const addOns = await readdir(optRoot).catch(() => []);
  return [
    ...(env.TF_PLUGIN_CACHE_DIR ? [env.TF_PLUGIN_CACHE_DIR] : []),
    join(home, ".terraform.d", "plugins"),
    join(env.XDG_DATA_HOME || join(home, ".local", "share"), "terraform", "plugins"),
    join(home, "Library", "Application Support", "io.terraform", "plugins"),
    "/Library/Application Support/io.terraform/plugins",
    ...shared.map((directory) => join(directory, "terraform", "plugins")),
    ...addOns.map((name) => join(optRoot, name)),
  ];
}

/** Looks for `<host>/hashicorp/aws/<version>/<os>_<arch>/terraform-provider-aws*`, the pinned version before others. */
async function findIn(mirror: string): Promise<TerraformProvider | undefined> {
  for (const host of await readdir(mirror).catch(() => [])) {
    const versions = join(mirror, host, "hashicorp", "aws");
    const fitting = (await readdir(versions).catch(() => [] as string[]))
      .filter((version) => version.split(".")[0] === TERRAFORM_AWS.split(".")[0])
      .sort((a, b) => Number(b === TERRAFORM_AWS) - Number(a === TERRAFORM_AWS) || compareVersions(b, a));
    for (const version of fitting) {
      const directory = join(versions, version, platform());
      const name = (await readdir(directory).catch(() => [] as string[])).find((file) =>
        file.startsWith("terraform-provider-aws"),
      );
      if (name !== undefined && isExecutable(join(directory, name)))
        return { path: join(directory, name), version };
    }
  }
  return undefined;
}

/** Lets Terraform fetch it, with whatever mirrors its own configuration names; says what became of that. */
async function fetchByTerraform(
  directory: string,
  { env, progress, signal }: EngineOptions,
): Promise<string> {
  const terraform = findOnPath("terraform", env);
  if (terraform === undefined) return "Terraform, which could fetch it, is not installed either.";
  progress(`Fetching the Terraform AWS provider ${TERRAFORM_AWS} with ${terraform}`);
  await mkdir(directory, { recursive: true });
  const scratch = await mkdtemp(join(tmpdir(), "terraform-"));
  try {
    const required = { aws: { source: "hashicorp/aws", version: TERRAFORM_AWS } };
    await writeFile(
      join(scratch, "main.tf.json"),
      JSON.stringify({ terraform: { required_providers: required } }),
    );
    const { tail } = await run(terraform, ["init", "-backend=false", "-input=false", "-no-color"], {
      cwd: scratch,
      env: { ...env, TF_PLUGIN_CACHE_DIR: directory },
      deadlineMs: DOWNLOAD_MS,
      signal,
    });
    return `terraform init says:\n${tail}`;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function ourMirror({ env }: EngineOptions): string {
  return join(cacheDirectory(env), "terraform-plugins");
}

/** As Terraform names it: linux_amd64. */
function platform(): string {
  const architectures: Partial<Record<NodeJS.Architecture, string>> = { x64: "amd64", ia32: "386" };
  return `${process.platform}_${architectures[process.arch] ?? process.arch}`;
}
