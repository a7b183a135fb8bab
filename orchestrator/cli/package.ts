import { resolve } from "node:path";
import { directoryArtifacts } from "../adapters/directory-artifacts.ts";
import type { Artifacts } from "../ports/artifacts.ts";
import { requireCleanTree, resolveCommit } from "../release/git.ts";
import { packageRelease } from "../release/package.ts";
import { speaker } from "./progress.ts";
import { ROOT } from "./root.ts";

type Options = {
  sha: string;
  out: string;
  allowDirty?: boolean;
  env?: string;
  local?: boolean;
  json?: boolean;
};

/** Builds into a directory; with an environment, the same bytes go into its bucket as well. */
export async function packageCommand({ sha, out, allowDirty, env, local, json }: Options): Promise<void> {
  const clean = allowDirty ? undefined : requireCleanTree(ROOT);
  // What is wrong with the commit is said first, whichever answer comes first.
  clean?.catch(() => {});
  const full = await resolveCommit(ROOT, sha);
  await clean;
  const upload = env === undefined ? undefined : await uploader(env, local);
  const progress = speaker(json ?? false);
  const built = directoryArtifacts(resolve(ROOT, out, full));
  const manifest = await packageRelease({
    root: ROOT,
    sha: full,
    to: built,
    nodeModules: resolve(ROOT, "node_modules"),
    progress,
  });
  if (upload) progress(await upload(full, built));
  process.stdout.write(json ? `${JSON.stringify(manifest)}\n` : `${full}\n`);
}

/** Finds the environment's bucket before anything is built, and gives what puts a release there and says so. */
async function uploader(env: string, local?: boolean) {
  const [{ surroundings }, { s3Artifacts }] = await Promise.all([
    import("./surroundings.ts"),
    import("../adapters/s3-artifacts.ts"),
  ]);
  const { environment, access } = await surroundings({ env, local });
  const bucket = s3Artifacts(environment.promotion.packages, access);
  return async (sha: string, from: Artifacts): Promise<string> => {
    const [{ loadRelease }, { storeRelease }] = await Promise.all([
      import("../release/load.ts"),
      import("../release/store.ts"),
    ]);
    const written = await storeRelease(bucket, await loadRelease([from], sha));
    return written === 0
      ? `${bucket.place} has these bytes already`
      : `${written} parts written to ${bucket.place}`;
  };
}
