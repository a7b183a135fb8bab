import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Artifacts } from "../ports/artifacts.ts";
import { checkOut, factsOf } from "./checkout.ts";
import type { Manifest } from "./manifest.ts";
import type { Release } from "./store.ts";

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
 * Builds the release of a commit and keeps it: a package for each function, the infra program and the manifest. The same
 * commit gives the same bytes, wherever and whenever it is built. Throws the problems of `problems.ts`.
 */
export async function packageRelease(options: PackageOptions): Promise<Manifest> {
  const [release, { storeRelease }] = await Promise.all([buildCommit(options), import("./store.ts")]);
  await storeRelease(options.to, release);
  return release.manifest;
}

/** Builds the release of a commit, and leaves nothing behind but its bytes in memory. */
export async function buildCommit(options: Omit<PackageOptions, "to">): Promise<Release> {
  const { root, sha, env, progress } = options;
  const scratch = await mkdtemp(join(tmpdir(), "release-"));
  try {
    const checkout = join(scratch, "checkout");
    // The commit is checked out and the bundler started by processes of their own, while this one loads its modules.
    const [, facts, { buildRelease }] = await Promise.all([
      checkOut(root, sha, { ...options, directory: checkout }),
      factsOf(root, sha, env),
      loadBuilder(),
    ]);
    return await buildRelease(checkout, { sha, ...facts }, progress);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/**
 * Builds what the working tree would be as a release, under the SHA of the commit it stands on. Such bytes are for a
 * look ahead only: nobody may store them.
 */
export async function buildWorkingTree(
  options: Omit<PackageOptions, "to" | "nodeModules">,
): Promise<Release> {
  const { root, sha, env, progress } = options;
  const [facts, { buildRelease }] = await Promise.all([factsOf(root, sha, env), loadBuilder()]);
  return await buildRelease(root, { sha, ...facts }, progress);
}

async function loadBuilder(): Promise<typeof import("./build.ts")> {
  const { startBundler } = await import("./bundle.ts");
  const [builder] = await Promise.all([import("./build.ts"), startBundler()]);
  return builder;
}
