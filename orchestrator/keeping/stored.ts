import type { Artifacts } from "../ports/artifacts.ts";
import { manifestKey, releaseOfKey } from "../release/manifest.ts";

/** What a bucket holds of one release that gc may remove: its attestations are not among it. */
export type StoredRelease = {
  sha: string;
  /** The manifest first, then the parts: the order in which they are removed. */
  keys: string[];
  /** When the last of it came. */
  since: Date;
};

/** Every release of which anything is there, whole or not: what an interrupted copy or removal left is one as well. */
export async function storedReleases(store: Artifacts): Promise<StoredRelease[]> {
  const found = new Map<string, StoredRelease>();
  for (const { key, since } of await store.list("")) {
    const release = releaseOfKey(key);
    if (!release || release.attestation) continue;
    const { sha } = release;
    const one = found.get(sha) ?? { sha, keys: [], since };
    found.set(sha, one);
    if (key === manifestKey(sha)) one.keys.unshift(key);
    else one.keys.push(key);
    if (since > one.since) one.since = since;
  }
  return [...found.values()].sort((one, other) => (one.sha < other.sha ? -1 : 1));
}
