import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Artifacts } from "../ports/artifacts.ts";
import { checkOut, factsOf } from "./checkout.ts";
import type { Manifest } from "./manifest.ts";

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
  const { root, sha, env, progress, to } = options;
  const scratch = await mkdtemp(join(tmpdir(), "release-"));
  try {
    const checkout = join(scratch, "checkout");
    // The commit is checked out and the bundler started by processes of their own, while this one loads its modules.
    const [, facts, { buildRelease }, { storeRelease }] = await Promise.all([
      checkOut(root, sha, { ...options, directory: checkout }),
      factsOf(root, sha, env),
      loadBuilder(),
      import("./store.ts"),
    ]);
    const release = await buildRelease(checkout, { sha, ...facts }, progress);
    await storeRelease(to, release);
    return release.manifest;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function loadBuilder(): Promise<typeof import("./build.ts")> {
  const { startBundler } = await import("./bundle.ts");
  const [builder] = await Promise.all([import("./build.ts"), startBundler()]);
  return builder;
}
