import { resolve } from "node:path";
import { directoryArtifacts } from "../adapters/directory-artifacts.ts";
import { requireCleanTree, resolveCommit } from "../release/git.ts";
import { packageRelease } from "../release/package.ts";
import { speaker } from "./progress.ts";
import { ROOT } from "./surroundings.ts";

type Options = { sha: string; out: string; allowDirty?: boolean; json?: boolean };

export async function packageCommand({ sha, out, allowDirty, json }: Options): Promise<void> {
  const full = await resolveCommit(ROOT, sha);
  if (!allowDirty) await requireCleanTree(ROOT);
  const manifest = await packageRelease({
    root: ROOT,
    sha: full,
    to: directoryArtifacts(resolve(ROOT, out, full)),
    nodeModules: resolve(ROOT, "node_modules"),
    progress: speaker(json ?? false),
  });
  process.stdout.write(json ? `${JSON.stringify(manifest)}\n` : `${full}\n`);
}
