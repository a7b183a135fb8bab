import { z } from "zod";
import type { Artifacts } from "../ports/artifacts.ts";
import type { ReleaseProgram } from "../ports/engine.ts";
import { problem } from "../problems.ts";
import { MANIFEST, type Manifest, manifestKey, type Part, sha256 } from "./manifest.ts";
import type { Release } from "./store.ts";

/** A release whose every byte was compared with its manifest. */
export type LoadedRelease = Release;

/** Reads a manifest from a place; undefined when the place does not have the release. */
export async function readManifest(
  place: Artifacts,
  sha: string,
): Promise<{ manifest: Manifest; bytes: Uint8Array } | undefined> {
  const bytes = await place.get(manifestKey(sha));
  if (!bytes) return undefined;
  const invalid = (issues: string) => problem("manifest-invalid", { sha, place: place.place, issues });
  let document: unknown;
  try {
    document = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw invalid(String(error));
  }
  const parsed = MANIFEST.safeParse(document);
  if (!parsed.success) throw invalid(z.prettifyError(parsed.error));
  if (parsed.data.sha !== sha) throw invalid(`it is the manifest of ${parsed.data.sha}`);
  return { manifest: parsed.data, bytes };
}

/** Reads a whole release from the first of the places that has it, and compares every part with the manifest. */
export async function loadRelease(places: Artifacts[], sha: string): Promise<LoadedRelease> {
  for (const place of places) {
    const found = await readManifest(place, sha);
    if (!found) continue;
    const read = async ([name, part]: [string, Part]) => [name, await readPart(place, sha, part)] as const;
    const parts = await Promise.all(Object.entries(found.manifest.parts).map(read));
    return { manifest: found.manifest, manifestBytes: found.bytes, parts: Object.fromEntries(parts) };
  }
  throw problem("release-not-found", { sha, places: places.map(({ place }) => place) });
}

async function readPart(place: Artifacts, sha: string, part: Part): Promise<Uint8Array> {
  const bytes = await place.get(part.key);
  if (!bytes) throw problem("release-incomplete", { sha, key: part.key, place: place.place });
  const found = sha256(bytes);
  if (found !== part.sha256)
    throw problem("digest-mismatch", { what: `${part.key} in ${place.place}`, wanted: part.sha256, found });
  return bytes;
}

/** What the engine needs of a release. */
export function programOf(release: LoadedRelease): ReleaseProgram {
  const program = release.parts.infra;
  if (!program)
    throw problem("release-incomplete", {
      sha: release.manifest.sha,
      key: "infra.mjs",
      place: "its manifest",
    });
  return { manifest: release.manifest, program };
}
