import { problem } from "../problems.ts";
import {
  type Entry,
  GENESIS,
  hashOf,
  LEDGER_EVENT,
  type LedgerEvent,
  type RunningRelease,
} from "./events.ts";

/** The number of the first entry that does not follow from the one before it; undefined when the chain holds. */
export function brokenLink(entries: Entry[]): number | undefined {
  let previous = GENESIS;
  for (const [index, entry] of entries.entries()) {
    const follows =
      entry.sequence === index + 1 && entry.previous === previous && entry.hash === hashOf(entry);
    if (!follows) return index + 1;
    previous = entry.hash;
  }
  return undefined;
}

/** Passes entries on only if their chain holds. */
export function trusted(entries: Entry[], environment: string): Entry[] {
  const sequence = brokenLink(entries);
  if (sequence !== undefined) throw problem("chain-broken", { environment, sequence });
  return entries;
}

const isKnown = ({ event }: Entry) => LEDGER_EVENT.safeParse(event).success;

/**
 * Passes entries on only if this version knows what all of them say. One that a newer version wrote may mean that all is
 * different from what the others let think: whoever is about to write must not do it on half of the story.
 */
export function understood(entries: Entry[], environment: string): Entry[] {
  const unknown = entries.find((entry) => !isKnown(entry));
  if (unknown === undefined) return entries;
  const { sequence, event } = unknown;
  throw problem("ledger-newer", { environment, sequence, type: event.type });
}

/** The entries that this version knows, for those who only read, and how many it does not know. */
export function readable(entries: Entry[]): { entries: Entry[]; unknown: number } {
  const known = entries.filter(isKnown);
  return { entries: known, unknown: entries.length - known.length };
}

/** What runs with all the traffic, by the last promotion that ended and knew. */
export function runningRelease(entries: Entry[]): RunningRelease | undefined {
  return ends(entries).findLast(({ running }) => running)?.running ?? undefined;
}

type Ended = Extract<LedgerEvent, { type: "promotion-ended" }>;

/** How promotions ended, oldest first. */
const ends = (entries: Entry[]): Ended[] =>
  entries.map(({ event }) => event).filter((event) => event.type === "promotion-ended");

/** The release that the last promotion brought back, and when, if that was a rollback that a person asked for and traffic came back. */
export function requestedRollbackTo(entries: Entry[]): { sha: string; at: string } | undefined {
  const end = entries.findLast(({ event }) => event.type === "promotion-ended");
  if (end?.event.type !== "promotion-ended" || !end.event.running) return undefined;
  // One that died is ended by another as rolled back: to where it began.
  if (end.event.outcome !== "promoted" && end.event.outcome !== "needs-human") return undefined;
  const asked = entries.some(
    ({ promotionId, event }) =>
      promotionId === end.promotionId && event.type === "promotion-started" && event.kind === "rollback",
  );
  return asked ? { sha: end.event.running.sha, at: end.at } : undefined;
}

/**
 * What has all the traffic for sure: by the last promotion that ended, if it knew and if none was begun and left open
 * since. Where this is undefined, `runningRelease` still tells what was known last.
 */
export function surelyRunning(entries: Entry[]): RunningRelease | undefined {
  if (openPromotions(entries).length > 0) return undefined;
  return ends(entries).at(-1)?.running ?? undefined;
}

/** Every release that was promoted, newest first, each once. One whose removal began since then is none of them. */
export function promotedReleases(entries: Entry[]): RunningRelease[] {
  const found = new Map<string, RunningRelease>();
  const removed = new Set<string>();
  for (const { event } of entries.toReversed()) {
    if (event.type === "removal-intended") for (const sha of event.shas) removed.add(sha);
    if (event.type !== "promotion-ended" || event.outcome !== "promoted" || !event.running) continue;
    const { sha } = event.running;
    if (!found.has(sha) && !removed.has(sha)) found.set(sha, event.running);
  }
  return [...found.values()];
}

/** The release to go back to: the last one that was promoted, which a release that merely runs need not be. */
export function wayBack(entries: Entry[]): RunningRelease | undefined {
  return promotedReleases(entries)[0];
}

/** Why a SHA is quarantined; undefined when it is not. A later promotion to the same SHA lifts it. */
export function quarantine(entries: Entry[], sha: string): string | undefined {
  for (const { event } of entries.toReversed()) {
    if (event.type === "quarantined" && event.sha === sha) return event.because;
    if (event.type === "promotion-ended" && event.outcome === "promoted" && event.sha === sha)
      return undefined;
  }
  return undefined;
}

/** The promotions that began and have not ended, oldest first. Where nobody holds the lease, whoever ran them died. */
export function openPromotions(entries: Entry[]): { promotionId: string; sha: string }[] {
  const open = new Map<string, { promotionId: string; sha: string }>();
  for (const { promotionId, event } of entries) {
    if (event.type === "promotion-started") open.set(promotionId, { promotionId, sha: event.sha });
    if (event.type === "promotion-ended") open.delete(promotionId);
  }
  return [...open.values()];
}

/** The SHA that a published version of a function belongs to, by what the ledger recorded at its publishing. */
export function shaOfVersion(entries: Entry[], functionName: string, version: string): string | undefined {
  for (const { event } of entries.toReversed()) {
    if (event.type !== "release-published") continue;
    const match = Object.values(event.release.functions).some(
      (published) => published.functionName === functionName && published.version === version,
    );
    if (match) return event.release.sha;
  }
  return undefined;
}

/** Every function that was ever published: the name of its alias's function, by its name in the release. */
export function publishedFunctions(entries: Entry[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { event } of entries) {
    if (event.type !== "release-published") continue;
    for (const [name, { functionName }] of Object.entries(event.release.functions))
      found.set(name, functionName);
  }
  return found;
}

/** A hold that stands: of one release, whose bytes are kept, or of the whole environment (`sha` is null), which stays as it is. */
export type Hold = { sha: string | null; because: string; who: string; until: string | null; since: string };

/** The holds that stand at a moment, the oldest first; a later hold of the same thing replaces the one before it. */
export function holds(entries: Entry[], now: Date): Hold[] {
  const standing = new Map<string | null, Hold>();
  for (const { at, event } of entries) {
    if (event.type === "held") {
      const { sha, because, who, until } = event;
      standing.set(sha, { sha, because, who, until, since: at });
    }
    if (event.type === "hold-released") standing.delete(event.sha);
  }
  return [...standing.values()].filter(({ until }) => until === null || new Date(until) > now);
}

/** The guards that were overruled for a promotion, each with what it would have said and why it was overruled. */
export function overridesOf(
  entries: Entry[],
  promotionId: string,
): { guard: string; because: string; reason: string }[] {
  return entries.flatMap(({ promotionId: of, event }) =>
    of === promotionId && event.type === "overridden"
      ? [{ guard: event.guard, because: event.because, reason: event.reason }]
      : [],
  );
}
