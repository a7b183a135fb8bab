import { issuesOf } from "../issues.ts";
import type { Artifacts } from "../ports/artifacts.ts";
import type { ReleaseProgram } from "../ports/engine.ts";
import { INFRA, MANIFEST, type Manifest, manifestKey, type Part, partKey, sha256 } from "./manifest.ts";
import { releaseProblem } from "./problems.ts";
import type { Release } from "./store.ts";

/** A release whose every byte was compared with its manifest. */
export type LoadedRelease = Release;

/** A manifest that was read, and where: what it says of its parts is not yet known to be true. */
export type FoundManifest = { place: Artifacts; manifest: Manifest; bytes: Uint8Array };

/** Reads a manifest from a place; undefined when the place does not have the release. */
export async function readManifest(place: Artifacts, sha: string): Promise<FoundManifest | undefined> {
  const bytes = await place.get(manifestKey(sha));
  if (!bytes) return undefined;
  const invalid = (issues: string) => releaseProblem("manifest-invalid", { sha, place: place.place, issues });
  let document: unknown;
  try {
    document = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw invalid(String(error));
  }
  const parsed = MANIFEST.safeParse(document);
  if (!parsed.success) throw invalid(issuesOf(parsed.error));
  const manifest = parsed.data;
  if (manifest.sha !== sha)
    throw releaseProblem("manifest-of-another-release", { sha, place: place.place, of: manifest.sha });
  for (const [name, { key }] of Object.entries(manifest.parts))
    if (key !== partKey(name, sha)) throw invalid(`its part ${name} is said to be at ${key}`);
  return { place, manifest, bytes };
}

/** Reads the manifest from the first of the places that has it. Throws the problem release-not-found. */
export async function findManifest(places: Artifacts[], sha: string): Promise<FoundManifest> {
  for (const place of places) {
    const found = await readManifest(place, sha);
    if (found) return found;
  }
  throw releaseProblem("release-not-found", { sha, places: places.map(({ place }) => place) });
}

/** Reads every part from where the manifest was, and compares each with it. */
export async function loadParts({ place, manifest, bytes }: FoundManifest): Promise<LoadedRelease> {
  const read = async ([name, part]: [string, Part]) =>
    [name, await readPart(place, manifest.sha, name, part)] as const;
  const parts = await Promise.all(Object.entries(manifest.parts).map(read));
  return { manifest, manifestBytes: bytes, parts: Object.fromEntries(parts) };
}

/** Reads a whole release from the first of the places that has it, and compares every part with the manifest. */
export async function loadRelease(places: Artifacts[], sha: string): Promise<LoadedRelease> {
  return await loadParts(await findManifest(places, sha));
}

/** Throws the problems release-incomplete, size-mismatch, program-mismatch and digest-mismatch. */
export async function readPart(place: Artifacts, sha: string, name: string, part: Part): Promise<Uint8Array> {
  const bytes = await place.get(part.key);
  if (!bytes) throw releaseProblem("release-incomplete", { sha, key: part.key, place: place.place });
  const what = `${part.key} in ${place.place}`;
  if (bytes.byteLength !== part.size)
    throw releaseProblem("size-mismatch", { what, wanted: part.size, found: bytes.byteLength });
  const found = sha256(bytes);
  if (found !== part.sha256)
    throw releaseProblem(name === INFRA ? "program-mismatch" : "digest-mismatch", {
      what,
      wanted: part.sha256,
      found,
    });
  return bytes;
}

/** What the engine needs of a release. */
export function programOf(release: LoadedRelease): ReleaseProgram {
  const program = release.parts.infra;
  if (!program)
    throw releaseProblem("release-incomplete", {
      sha: release.manifest.sha,
      key: "infra.mjs",
      place: "its manifest",
    });
  return { manifest: release.manifest, program };
}
