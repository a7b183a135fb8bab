import type { PromotionConfig } from "../environment.ts";
import type { Entry } from "../promotion/events.ts";
import { holds, openPromotions, promotedReleases, quarantine, runningRelease } from "../promotion/history.ts";

const DAY_MS = 24 * 60 * 60_000;

/** A release that could be removed: when it came to the bucket, if its bytes are there, and whether an alias sends requests to it. */
export type Candidate = { sha: string; since: Date | undefined; serves: boolean };

export type Verdict = { sha: string; keep: boolean; because: string };

export type KeepingConfig = Pick<PromotionConfig, "keepReleases" | "retentionDays">;

/** Why a release stays; undefined where this rule has no reason for it. */
type Rule = (release: Candidate) => string | undefined;

/**
 * Decides what stays in an environment and what may be removed, with the reason. A release stays if any rule says so;
 * the first one that does gives the reason. Nothing else is looked at: the same ledger, time and configuration always
 * give the same verdicts.
 */
export function verdicts(
  releases: Candidate[],
  entries: Entry[],
  now: Date,
  config: KeepingConfig,
): Verdict[] {
  const rules = rulesFor(entries, now, config);
  const lastMoved = lastPromotions(entries);
  const promoted = new Set(promotedReleases(entries).map(({ sha }) => sha));
  return releases.map((release) => {
    const { sha } = release;
    for (const rule of rules) {
      const because = rule(release);
      if (because) return { sha, keep: true, because };
    }
    const days = daysSince(latest(release.since, lastMoved.get(sha)), now);
    const because = promoted.has(sha)
      ? `${config.keepReleases} or more were promoted after it, and it was ${days} days ago`
      : `it does not run here, and was left alone for ${days} days`;
    return { sha, keep: false, because };
  });
}

/** In the order in which they speak. Docs: docs/decisions/0018-what-is-kept-and-what-is-removed.md */
function rulesFor(entries: Entry[], now: Date, { keepReleases, retentionDays }: KeepingConfig): Rule[] {
  const standing = holds(entries, now);
  const whole = standing.find(({ sha }) => sha === null);
  const running = runningRelease(entries)?.sha;
  const stack = stackRelease(entries);
  const flying = inFlight(entries);
  const back = new Set(waysBack(entries, keepReleases));
  const lastMoved = lastPromotions(entries);
  return [
    () => whole && `the environment is held: ${whole.because}`,
    ({ sha }) => (sha === running ? "it runs" : undefined),
    ({ serves }) => (serves ? "an alias sends requests to it" : undefined),
    ({ sha }) => (sha === stack ? "the stack was last made from it" : undefined),
    ({ sha }) =>
      flying.some((given) => isNamed(sha, given)) ? "a promotion with it has not ended" : undefined,
    ({ sha }) => (back.has(sha) ? `it is one of the last ${keepReleases} to go back to` : undefined),
    ({ sha }) => {
      const hold = standing.find((each) => each.sha !== null && isNamed(sha, each.sha));
      return hold && `it is held: ${hold.because}`;
    },
    ({ sha, since }) => {
      const last = latest(since, lastMoved.get(sha));
      const young = last !== undefined && now.getTime() - last.getTime() < retentionDays * DAY_MS;
      return young
        ? `it came, or was last promoted, ${daysSince(last, now)} days ago, and stays for ${retentionDays}`
        : undefined;
    },
  ];
}

/** A person may have named a release by its first digits. */
const isNamed = (sha: string, given: string) => given !== "" && sha.startsWith(given);

/** The last `count` promoted releases that a rollback would choose from. One in quarantine stays with them, but is not counted. */
function waysBack(entries: Entry[], count: number): string[] {
  const found: string[] = [];
  let counted = 0;
  for (const { sha } of promotedReleases(entries)) {
    if (counted === count) break;
    found.push(sha);
    if (!quarantine(entries, sha)) counted++;
  }
  return found;
}

/** What the stack was last made from, or was about to be: its functions refer to that release's objects. */
function stackRelease(entries: Entry[]): string | undefined {
  for (const { event } of entries.toReversed()) if (event.type === "stack-intended") return event.sha;
  return undefined;
}

/** Every SHA that a promotion which has not ended says anything of. */
function inFlight(entries: Entry[]): string[] {
  const open = new Set(openPromotions(entries).map(({ promotionId }) => promotionId));
  return entries.flatMap(({ promotionId, event }) => {
    if (!open.has(promotionId)) return [];
    if (event.type === "promotion-started") return [event.sha, event.previousSha ?? ""];
    if (event.type === "stack-intended" || event.type === "traffic-restored") return [event.sha];
    return event.type === "release-published" ? [event.release.sha] : [];
  });
}

/** When each release last had to do with a promotion: one was begun to it, or ended with it. */
function lastPromotions(entries: Entry[]): Map<string, Date> {
  const found = new Map<string, Date>();
  for (const { at, event } of entries) {
    if (event.type === "promotion-started") found.set(event.sha, new Date(at));
    if (event.type !== "promotion-ended") continue;
    for (const sha of [event.sha, event.running?.sha]) if (sha) found.set(sha, new Date(at));
  }
  return found;
}

const latest = (one: Date | undefined, other: Date | undefined) =>
  one && other && one > other ? one : (other ?? one);

const daysSince = (then: Date | undefined, now: Date) =>
  then ? Math.floor((now.getTime() - then.getTime()) / DAY_MS) : 0;
