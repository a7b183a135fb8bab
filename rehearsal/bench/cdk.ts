import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { type AwsAccess, accessVariables } from "../../orchestrator/adapters/aws-access.ts";
import { cacheDirectory, withLock } from "../cache.ts";
import type { Timed } from "./pairs.ts";

const HERE = join(import.meta.dirname, "cdk");
const INSTALL_MS = 5 * 60_000;
const run = promisify(execFile);

export type CdkRelease = { sha: string; digests: Record<string, string> };

/**
 * The peer that many know: the AWS CDK with an equivalent stack of its own, on the same emulator, from the same packages.
 * A release is `cdk deploy`. The emulator's CloudFormation takes no time of its own, which on AWS it does.
 */
export async function cdkPeer(options: {
  directory: string;
  packages: string;
  access: AwsAccess;
  releases: CdkRelease[];
  progress: (line: string) => void;
}): Promise<(sha: string) => Timed> {
  const { directory, packages, access, releases } = options;
  await mkdir(directory, { recursive: true });
  const installed = await install(options.progress);
  for (const { sha, digests } of releases) {
    const functions = Object.entries(digests).map(([name, digest]) => ({ name, digest }));
    const given = { sha, packages, functions, region: access.region, account: "000000000000" };
    await writeFile(join(directory, `${sha}.json`), JSON.stringify(given));
  }
  // A line that began with a quotation mark would lose it, and the one at its end.
  const app = `exec "${process.execPath}" "${join(installed, "app.mjs")}"`;
  return (sha) => ({
    command: process.execPath,
    args: [
      join(installed, "node_modules", "aws-cdk", "bin", "cdk"),
      ...["deploy", "--app", app, "--output", join(directory, "out"), "--require-approval", "never", "--ci"],
    ],
    cwd: directory,
    env: {
      ...accessVariables(access),
      BENCH_CDK: join(directory, `${sha}.json`),
      CDK_DISABLE_VERSION_CHECK: "1",
      CDK_DISABLE_CLI_TELEMETRY: "true",
    },
  });
}

/** Installs what the lock file names into the user's cache, once. */
async function install(progress: (line: string) => void): Promise<string> {
  const lock = await readFile(join(HERE, "package-lock.json"));
  const digest = createHash("sha256").update(lock).digest("hex").slice(0, 12);
  const place = join(cacheDirectory(process.env), `cdk-${digest}`);
  await withLock(
    `${place}.lock`,
    async () => {
      const done = join(place, "node_modules", ".package-lock.json");
      if (!(await readFile(done).catch(() => undefined))) {
        progress("Installing the AWS CDK, 214 MB, to be measured against");
        await mkdir(place, { recursive: true });
        for (const name of ["package.json", "package-lock.json"])
          await cp(join(HERE, name), join(place, name));
        await run("npm", ["ci", "--no-audit", "--no-fund"], { cwd: place, timeout: INSTALL_MS });
      }
      await cp(join(HERE, "app.mjs"), join(place, "app.mjs"));
    },
    { progress },
  );
  return place;
}
