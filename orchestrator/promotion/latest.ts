import type { Environment } from "../environment.ts";
import type { Artifacts } from "../ports/artifacts.ts";
import { problem } from "../problems.ts";
import { attestationObjection, type KnownRelease, knownReleases } from "../release/known.ts";
import type { Entry } from "./events.ts";
import { quarantine } from "./history.ts";

/** The release that was chosen, and why newer ones were not. */
export type Choice = { sha: string; timestamp: string; passedOver: { sha: string; because: string }[] };

/**
 * Chooses the newest release, by the time of its commit, that an environment would take: every attestation that it
 * requires holds, and it is not quarantined there. Of commits of the same moment, the one whose SHA comes first. Whether
 * every byte of it is there is looked at by the promotion itself.
 * @param places where releases come from, in the order in which a promotion looks for one
 * @throws none-validated
 */
export async function latestValidated(
  places: Artifacts[],
  entries: Entry[],
  environment: Environment,
): Promise<Choice> {
  const { releases, unreadable } = await knownReleases(places);
  const passedOver = [...unreadable];
  for (const release of releases) {
    const { sha, timestamp } = release.manifest;
    const because = await whyNot(places, release, entries, environment);
    if (because === undefined) return { sha, timestamp, passedOver };
    passedOver.push({ sha, because });
  }
  throw problem("none-validated", {
    environment: environment.name,
    places: places.map(({ place }) => place),
    passedOver: passedOver.map(({ sha, because }) => `${sha.slice(0, 7)}: ${because}`),
  });
}

async function whyNot(
  places: Artifacts[],
  release: KnownRelease,
  entries: Entry[],
  { promotion: { requires } }: Environment,
): Promise<string | undefined> {
  const condemned = quarantine(entries, release.manifest.sha);
  if (condemned) return `it is quarantined (${condemned})`;
  for (const requirement of requires) {
    const because = await attestationObjection(places, release, requirement);
    if (because) return `${requirement.attestation}: ${because}`;
  }
  return undefined;
}
