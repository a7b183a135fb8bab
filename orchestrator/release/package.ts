import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { version as esbuildVersion } from "esbuild";
import type { Artifacts } from "../ports/artifacts.ts";
import { type Bundle, bundleFunction, bundleInfra } from "./bundle.ts";
import { type CommitFacts, checkOut } from "./checkout.ts";
import { requireLockedVersions } from "./dependencies.ts";
import {
  describePart,
  INFRA,
  infraKey,
  lambdaKey,
  type Manifest,
  manifestBytes,
  manifestKey,
  sha256,
} from "./manifest.ts";
import { releaseProblem } from "./problems.ts";
import { readStacks } from "./stacks.ts";
import { reproducibleZip } from "./zip.ts";

export type PackageOptions = {
  /** The git checkout. */
  root: string;
  /** The full SHA of the commit. */
  sha: string;
  /** Where the release goes. Its keys are written once: the same commit again changes nothing there. */
  to: Artifacts;
  progress: (line: string) => void;
  /** Where dependencies are installed. */
  nodeModules: string;
  env?: NodeJS.ProcessEnv;
};

/**
 * Builds the release of a commit: a package for each function, the infra program and the manifest. The same commit
 * gives the same bytes, wherever and whenever it is built. Throws the problems of `problems.ts`.
 */
export async function packageRelease(options: PackageOptions): Promise<Manifest> {
  const { sha, to } = options;
  const scratch = await mkdtemp(join(tmpdir(), "release-"));
  try {
    const checkout = join(scratch, "checkout");
    const facts = await checkOut(options.root, sha, { ...options, directory: checkout });
    const objects = await buildParts(checkout, options);
    const manifest = await describe(checkout, sha, facts, objects);
    for (const { key, bytes } of Object.values(objects)) await to.put(key, bytes);
    // Last, so that it never names what is not there.
    await to.put(manifestKey(sha), manifestBytes(manifest));
    return manifest;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

type Objects = Record<string, { key: string; bytes: Uint8Array }>;

async function buildParts(checkout: string, { sha, progress }: PackageOptions): Promise<Objects> {
  const lockfile = await required(checkout, "package-lock.json", sha);
  const bundles: Record<string, Bundle> = {};
  const objects: Objects = {};
  for (const name of await functionsOf(checkout, sha)) {
    const bundle = await bundleFunction(checkout, name, sha);
    const bytes = await reproducibleZip({ "index.js": bundle.code });
    bundles[name] = bundle;
    objects[name] = { key: lambdaKey(name, sha), bytes };
    progress(`${name}: ${kilobytes(bundle.code)} of code, ${kilobytes(bytes)} zipped`);
  }
  await required(checkout, "infra/service.ts", sha);
  await required(checkout, "Pulumi.yaml", sha);
  const infra = await bundleInfra(checkout, await readStacks(checkout));
  objects[INFRA] = { key: infraKey(sha), bytes: infra.code };
  progress(`${INFRA}: ${kilobytes(infra.code)}`);
  const inputs = [...Object.values(bundles), infra].flatMap((bundle) => bundle.inputs);
  await requireLockedVersions(checkout, lockfile, inputs);
  return objects;
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

async function describe(
  checkout: string,
  sha: string,
  facts: CommitFacts,
  objects: Objects,
): Promise<Manifest> {
  const { repository } = JSON.parse((await required(checkout, "package.json", sha)).toString("utf8")) as {
    repository?: string | { url: string };
  };
  return {
    schemaVersion: 1,
    sha,
    ...facts,
    ...(repository ? { repository: typeof repository === "string" ? repository : repository.url } : {}),
    lockfile: sha256(await required(checkout, "package-lock.json", sha)),
    tools: { node: process.version, esbuild: esbuildVersion },
    parts: Object.fromEntries(
      Object.entries(objects).map(([name, { key, bytes }]) => [name, describePart(key, bytes)]),
    ),
  };
}

async function required(checkout: string, file: string, sha: string): Promise<Buffer> {
  return readFile(join(checkout, file)).catch((error) => {
    throw releaseProblem("release-part-missing", { sha, missing: file }, error);
  });
}

function kilobytes(bytes: Uint8Array): string {
  return `${(bytes.byteLength / 1000).toFixed(1)} kB`;
}
