import type { Artifacts } from "../ports/artifacts.ts";
import { Problem } from "../problem.ts";
import { attestationFault, findAttestation, type Requirement } from "./attested.ts";
import { readManifest } from "./load.ts";
import { type Manifest, manifestKey, releaseOfKey } from "./manifest.ts";

/** A release that some place has, as far as its manifest tells. */
export type KnownRelease = { manifest: Manifest; bytes: Uint8Array };

export type Known = {
  /** The newest commit first; of the same moment, the SHA that comes first. */
  releases: KnownRelease[];
  /** Those whose manifest says nothing that can be trusted. */
  unreadable: { sha: string; because: string }[];
};

/** Every release that any of the places has; where several have it, the first one's manifest is read. */
export async function knownReleases(places: Artifacts[]): Promise<Known> {
  const where = new Map<string, Artifacts>();
  for (const place of places)
    for (const { key } of await place.list("releases/")) {
      const sha = releaseOfKey(key)?.sha;
      if (sha && key === manifestKey(sha) && !where.has(sha)) where.set(sha, place);
    }
  const known: Known = { releases: [], unreadable: [] };
  const read = async ([sha, place]: [string, Artifacts]) => {
    try {
      const found = await readManifest(place, sha);
      // One that was removed since it was listed is not known any more.
      if (found) known.releases.push(found);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      known.unreadable.push({ sha, because: error.message });
    }
  };
  await Promise.all([...where].map(read));
  known.releases.sort(newestFirst);
  known.unreadable.sort((one, other) => (one.sha < other.sha ? -1 : 1));
  return known;
}

function newestFirst({ manifest: one }: KnownRelease, { manifest: other }: KnownRelease): number {
  return Date.parse(other.timestamp) - Date.parse(one.timestamp) || (one.sha < other.sha ? -1 : 1);
}

/**
 * Looks for an attestation of a release in the places, and checks the first that is found with the key that is configured.
 * @returns why it does not hold, undefined when it does
 */
export async function attestationObjection(
  places: Artifacts[],
  release: KnownRelease,
  requirement: Requirement,
): Promise<string | undefined> {
  const envelope = await findAttestation(places, release.manifest.sha, requirement.attestation);
  return envelope ? attestationFault(release, requirement, envelope)?.because : NO_ATTESTATION;
}

export const NO_ATTESTATION = "there is none";
