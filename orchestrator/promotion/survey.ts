import type { Artifacts } from "../ports/artifacts.ts";
import type { Requirement } from "../release/attested.ts";
import { attestationObjection, type KnownRelease, knownReleases } from "../release/known.ts";
import { manifestKey } from "../release/manifest.ts";
import type { Entry } from "./events.ts";
import { type Hold, holds, quarantine, runningRelease } from "./history.ts";

/** An environment that could be looked into: its bucket, and the keys there and its ledger as they were read. */
export type Surveyed = { name: string; store: Artifacts; keys: ReadonlySet<string>; entries: Entry[] };

/** What a release is to one environment. */
export type Standing = {
  /** Whether its bucket has it. */
  stored: boolean;
  running: boolean;
  /** When it was last promoted there, ISO 8601. */
  promoted: string | null;
  quarantined: string | null;
  held: string | null;
};

export type ReleaseLine = {
  sha: string;
  timestamp: string;
  author: string;
  /** By the configured keys: a tag counts for nothing. */
  attestations: { attestation: string; holds: boolean; because: string | null }[];
  environments: Record<string, Standing>;
};

export type Survey = { releases: ReleaseLine[]; unreadable: { sha: string; because: string }[] };

/** Every release that an environment's bucket has, the newest commit first, and what it is to each environment. */
export async function survey(environments: Surveyed[], required: Requirement[], now: Date): Promise<Survey> {
  const places = environments.map(({ store }) => store);
  const { releases, unreadable } = await knownReleases(places);
  const standings = environments.map((each) => standingIn(each, now));
  const lines = releases.map(async (release) => ({
    sha: release.manifest.sha,
    timestamp: release.manifest.timestamp,
    author: release.manifest.author,
    attestations: await Promise.all(required.map((each) => attested(places, release, each))),
    environments: Object.fromEntries(
      environments.map(({ name }, index) => [name, standings[index]?.(release.manifest.sha) as Standing]),
    ),
  }));
  return { releases: await Promise.all(lines), unreadable };
}

async function attested(places: Artifacts[], release: KnownRelease, required: Requirement) {
  const because = (await attestationObjection(places, release, required)) ?? null;
  return { attestation: required.attestation, holds: because === null, because };
}

function standingIn({ keys, entries }: Surveyed, now: Date): (sha: string) => Standing {
  const running = runningRelease(entries)?.sha;
  const standing = holds(entries, now);
  const promoted = new Map(
    entries.flatMap(({ at, event }) =>
      event.type === "promotion-ended" && event.outcome === "promoted" && event.running
        ? [[event.running.sha, at] as const]
        : [],
    ),
  );
  return (sha) => ({
    stored: keys.has(manifestKey(sha)),
    running: running === sha,
    promoted: promoted.get(sha) ?? null,
    quarantined: quarantine(entries, sha) ?? null,
    held: standing.find((hold) => names(hold, sha))?.because ?? null,
  });
}

const names = (hold: Hold, sha: string) => hold.sha !== null && sha.startsWith(hold.sha);
