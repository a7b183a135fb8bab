import type { Artifacts } from "../ports/artifacts.ts";
import { type Manifest, manifestKey } from "./manifest.ts";

/** A release as bytes: its manifest, and each part by its name. */
export type Release = {
  manifest: Manifest;
  manifestBytes: Uint8Array;
  parts: Record<string, Uint8Array>;
};

/** What is kept with each object of a release, for people who look at it in a console. */
export const metadataOf = ({ sha, timestamp, author }: Manifest): Record<string, string> => ({
  sha,
  timestamp,
  author,
});

/** The keys of a release's parts and of its manifest. */
export const keysOf = ({ sha, parts }: Manifest): string[] => [
  ...Object.values(parts).map(({ key }) => key),
  manifestKey(sha),
];

/** The bytes of each object of a release by its key; the manifest's last, so that it never names what is not there. */
function objectsOf({ manifest, manifestBytes, parts }: Release): [key: string, bytes: Uint8Array][] {
  const objects = Object.entries(manifest.parts).map(([name, { key }]): [string, Uint8Array] => [
    key,
    parts[name] as Uint8Array,
  ]);
  return [...objects, [manifestKey(manifest.sha), manifestBytes]];
}

/** The first key of a release that holds other bytes in a place; undefined where all are free or hold the same. */
export async function firstTaken(place: Artifacts, release: Release): Promise<string | undefined> {
  const looked = objectsOf(release).map(async ([key, bytes]) => {
    const present = await place.get(key);
    return present && Buffer.compare(present, bytes) !== 0 ? key : undefined;
  });
  return (await Promise.all(looked)).find((key) => key !== undefined);
}

/**
 * Puts a release where releases are kept; the manifest last, so that it never names what is not there. What is put is
 * temporary until somebody keeps it.
 * @returns how many parts were not there before
 */
export async function storeRelease(place: Artifacts, release: Release): Promise<number> {
  const { manifest } = release;
  const put = async ([key, bytes]: [string, Uint8Array]) => {
    const result = await place.put(key, bytes, metadataOf(manifest), "temporary");
    // What is there already may have earned more tags than this one.
    if (result === "written") await place.tag(key, { release: manifest.sha });
    return result;
  };
  const objects = objectsOf(release);
  const results = await Promise.all(objects.slice(0, -1).map(put));
  for (const last of objects.slice(-1)) await put(last);
  return results.filter((result) => result === "written").length;
}
