import type { CommitFacts } from "../release/checkout.ts";
import type { FoundManifest } from "../release/load.ts";
import { sha256 } from "../release/manifest.ts";
import { releaseProblem } from "../release/problems.ts";
import { broken, type Chain, type Finding, holds, type Link, notApplicable } from "./link.ts";
import { type Side, sideOf } from "./side.ts";

/** What the commit itself says, by git; undefined where it is not in this checkout. */
export type Commit = CommitFacts & { lockfile: Uint8Array | undefined };

/**
 * Follows a release from its commit to what runs: commit, manifest, objects, attestations, Lambda. Changes nothing. Throws
 * the problem release-not-found when no environment has anything of it.
 */
export async function followChain(sha: string, commit: Commit | undefined, sides: Side[]): Promise<Chain> {
  const seen = await Promise.all(sides.map((side) => sideOf(side, sha)));
  const links = seen.flatMap((each) => each.links);
  const found = seen.flatMap((each) => each.found ?? []);
  if (found.length === 0 && !links.some(({ state }) => state === "broken"))
    throw releaseProblem("release-not-found", { sha, places: sides.map(({ store }) => store.place) });
  const all: Link[] = [
    { env: null, link: "commit", ...ofCommit(commit, found[0]) },
    { env: null, link: "manifest", ...ofManifests(found) },
    ...links,
  ];
  return { sha, holds: all.every(({ state }) => state !== "broken"), links: all };
}

function ofCommit(commit: Commit | undefined, found: FoundManifest | undefined): Finding {
  if (!found) return notApplicable("there is no manifest to compare it with");
  if (!commit) return notApplicable("the commit is not in this checkout");
  const { timestamp, author, lockfile } = found.manifest;
  const differing = [
    commit.timestamp === timestamp ? [] : ["its time"],
    commit.author === author ? [] : ["its author"],
    commit.lockfile && sha256(commit.lockfile) === lockfile ? [] : ["its lock file"],
  ].flat();
  return differing.length === 0
    ? holds(`by ${author}, ${timestamp}, with the lock file that the manifest says`)
    : broken(`the manifest does not say what the commit does: ${differing.join(", ")}`);
}

/** The same bytes for every environment. */
function ofManifests(found: FoundManifest[]): Finding {
  const places = found.map(({ place }) => place.place).join(" and ");
  if (found.length < 2) return notApplicable("only one environment has it");
  const digests = new Set(found.map(({ bytes }) => sha256(bytes)));
  return digests.size === 1 ? holds(`the same bytes in ${places}`) : broken(`other bytes in ${places}`);
}
