import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { version as esbuildVersion } from "esbuild";
import { bundleFunction, bundleInfra } from "./bundle.ts";
import type { CommitFacts } from "./checkout.ts";
import { lockedVersions, requireLockedTools, requireLockedVersions, versionsOf } from "./dependencies.ts";
import { describePart, INFRA, type Manifest, manifestBytes, partKey, sha256 } from "./manifest.ts";
import { releaseProblem } from "./problems.ts";
import { readStacks } from "./stacks.ts";
import type { Release } from "./store.ts";
import { reproducibleZip } from "./zip.ts";

const TOOLS = { node: process.version, esbuild: esbuildVersion };

/** Builds the release of a commit from its checkout. Throws the problems of `problems.ts`. */
export async function buildRelease(
  checkout: string,
  commit: { sha: string } & CommitFacts,
  progress: (line: string) => void,
): Promise<Release> {
  const { sha } = commit;
  const lockfile = await required(checkout, "package-lock.json", sha);
  const locked = lockedVersions(lockfile);
  requireLockedTools(locked, TOOLS);
  const names = await functionsOf(checkout, sha);
  await required(checkout, "infra/service.ts", sha);
  await required(checkout, "Pulumi.yaml", sha);
  const [infra, ...bundles] = await Promise.all([
    readStacks(checkout).then((settings) => bundleInfra(checkout, settings)),
    ...names.map((name) => bundleFunction(checkout, name, sha)),
  ]);
  const inputs = [infra, ...bundles].flatMap((bundle) => bundle.inputs);
  const [zips] = await Promise.all([
    Promise.all(bundles.map(({ code }) => reproducibleZip({ "index.js": code }))),
    requireLockedVersions(checkout, locked, inputs),
  ]);
  const parts: Record<string, Uint8Array> = { [INFRA]: infra.code };
  for (const [index, name] of names.entries()) parts[name] = zips[index] as Buffer;
  for (const [name, bytes] of Object.entries(parts)) progress(`${name}: ${kilobytes(bytes)}`);
  const manifest: Manifest = {
    schemaVersion: 1,
    ...commit,
    repository: await repositoryOf(checkout, sha),
    lockfile: sha256(lockfile),
    tools: TOOLS,
    needs: versionsOf(locked, infra.imports),
    parts: Object.fromEntries(
      Object.entries(parts).map(([name, bytes]) => [name, describePart(partKey(name, sha), bytes)]),
    ),
  };
  return { manifest, manifestBytes: manifestBytes(manifest), parts };
}

// A directory with an index.ts is a function; a file beside them is code they share.
async function functionsOf(checkout: string, sha: string): Promise<string[]> {
  const entries = await readdir(join(checkout, "lambdas"), { recursive: true }).catch(() => []);
  const names = entries.flatMap((entry) => /^([^/]+)\/index\.ts$/.exec(entry)?.[1] ?? []);
  if (names.length === 0)
    throw releaseProblem("release-part-missing", { sha, missing: "function in lambdas/" });
  if (names.includes(INFRA)) throw releaseProblem("function-name-taken", { name: INFRA });
  return names.sort();
}

async function repositoryOf(checkout: string, sha: string): Promise<string> {
  const { name = "", repository = name } = JSON.parse(
    (await required(checkout, "package.json", sha)).toString("utf8"),
  ) as { name?: string; repository?: string | { url: string } };
  return typeof repository === "string" ? repository : repository.url;
}

async function required(checkout: string, file: string, sha: string): Promise<Buffer> {
  return readFile(join(checkout, file)).catch((error) => {
    throw releaseProblem("release-part-missing", { sha, missing: file }, error);
  });
}

function kilobytes(bytes: Uint8Array): string {
  return `${(bytes.byteLength / 1000).toFixed(1)} kB`;
}
