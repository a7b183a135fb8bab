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

/** The keys of a release's objects: its parts and, last, its manifest. */
export const keysOf = ({ sha, parts }: Manifest): string[] => [
  ...Object.values(parts).map(({ key }) => key),
  manifestKey(sha),
];

/**
 * Puts a release where releases are kept; the manifest last, so that it never names what is not there.
 * @returns how many parts were not there before
 */
export async function storeRelease(place: Artifacts, release: Release): Promise<number> {
  const { manifest, manifestBytes, parts } = release;
  const put = async (key: string, bytes: Uint8Array) => {
    const result = await place.put(key, bytes, metadataOf(manifest));
    // What is there already may have earned more tags than this one.
    if (result === "written") await place.tag(key, { release: manifest.sha });
    return result;
  };
  const results = await Promise.all(
    Object.entries(manifest.parts).map(([name, { key }]) => put(key, parts[name] as Uint8Array)),
  );
  await put(manifestKey(manifest.sha), manifestBytes);
  return results.filter((result) => result === "written").length;
}
