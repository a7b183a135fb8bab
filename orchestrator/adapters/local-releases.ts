import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Artifacts } from "../ports/artifacts.ts";
import { releaseOfKey } from "../release/manifest.ts";
import { directoryArtifacts } from "./directory-artifacts.ts";

/** All releases that `package` wrote: a directory for each, named by its SHA, seen as one place. */
export function localReleases(directory: string): Artifacts {
  function within(key: string): Artifacts {
    const sha = releaseOfKey(key)?.sha;
    if (!sha) throw new Error(`the key ${key} belongs to no release`);
    return directoryArtifacts(join(directory, sha));
  }

  return {
    place: directory,
    get: async (key) => await within(key).get(key),
    put: async (key, ...given) => await within(key).put(key, ...given),
    tag: async (key, tags) => await within(key).tag(key, tags),
    keep: async (key) => await within(key).keep(key),
    async list(prefix) {
      const names = await readdir(directory).catch(() => []);
      const releases = names.filter((name) => /^[0-9a-f]{40}$/.test(name));
      const lists = releases.map((sha) => directoryArtifacts(join(directory, sha)).list(prefix));
      return (await Promise.all(lists)).flat().sort((one, other) => (one.key < other.key ? -1 : 1));
    },
    remove: async (key) => await within(key).remove(key),
  };
}
