import type { Minute } from "../ports/metrics.ts";
import type { RunningRelease } from "./events.ts";
import { AGAINST, type Evidence, NO_EVIDENCE, type Question, speaksAgainst, weigh } from "./evidence.ts";
import type { Promotion } from "./promotion.ts";
import { isSlower, SLOWNESS } from "./vitals.ts";

/** How often the platform's counts are read: they change once a minute, and each reading is paid for. In milliseconds. */
const READ_EVERY_MS = 10_000;
/** When the time is over nobody waits that long. */
const AT_THE_END_MS = 1_000;

/** An average of fewer executions tells of cold starts, which a version with a small share has more of. */
const LEAST_EXECUTIONS = 10;

type Both = { now: Minute[]; before: Minute[] };

/** What the platform counted of each function's two versions, and when it was read last, on the monotonic clock. */
export type Measured = { functions: Map<string, Both>; readAt: number };

export const unmeasured = (): Measured => ({ functions: new Map(), readAt: Number.NEGATIVE_INFINITY });

/**
 * Reads the counts of the new and the old version of each function, from the moment they began to share the traffic. A
 * reading that fails leaves what is known: no data speaks neither for a release nor against it.
 * @param last whether the time is over
 */
export async function measure(
  p: Promotion,
  release: RunningRelease,
  measured: Measured,
  last: boolean,
): Promise<void> {
  const { clock, metrics } = p.ports;
  const from = p.found.sharedSince;
  const pause = last ? AT_THE_END_MS : READ_EVERY_MS;
  if (!from || clock.monotonic() - measured.readAt < pause) return;
  measured.readAt = clock.monotonic();
  const pairs = Object.entries(release.functions).flatMap(([name, now]) => {
    const before = p.found.previous?.functions[name];
    return before && before.version !== now.version ? [{ name, now, before }] : [];
  });
  const versions = pairs.flatMap(({ now, before }) => [now, before]);
  if (versions.length === 0) return;
  const minutes = await metrics.ofVersions(versions, { from, to: clock.now() }).catch(() => undefined);
  for (const [index, { name }] of pairs.entries()) {
    const [now, before] = [minutes?.[index * 2], minutes?.[index * 2 + 1]];
    if (now && before) measured.functions.set(name, { now, before });
  }
}

/** The minutes in which both versions ran: what ails the platform or the world ails both then. */
const shared = ({ now, before }: Both): { now: Minute; before: Minute }[] =>
  now.flatMap((minute) => {
    const other = before.find(({ at }) => at === minute.at);
    return other && minute.invocations > 0 && other.invocations > 0 ? [{ now: minute, before: other }] : [];
  });

const sum = (minutes: Minute[]) => ({
  invocations: minutes.reduce((total, { invocations }) => total + invocations, 0),
  errors: minutes.reduce((total, { errors }) => total + errors, 0),
});

/**
 * The log-likelihood ratio that the new version fails more often than the old, by as much as a harmful share is more than a
 * harmless one. Whose an error is, of all in one minute, is chance in the ratio of the invocations if both fail alike; so a
 * share of errors that both have weighs nothing. Wald's test again, conditional on the number of errors.
 */
function weightOf(minutes: { now: Minute; before: Minute }[], { harmless, harmful }: Question): number {
  const times = harmful / harmless;
  return minutes.reduce((weight, { now, before }) => {
    const alike = now.invocations / (now.invocations + before.invocations);
    const worse = (times * now.invocations) / (times * now.invocations + before.invocations);
    return (
      weight + now.errors * Math.log(worse / alike) + before.errors * Math.log((1 - worse) / (1 - alike))
    );
  }, 0);
}

/** Whether the new version is the slower one, a minute an answer. */
function slowness(minutes: { now: Minute; before: Minute }[]): Evidence {
  return minutes.reduce((evidence, { now, before }) => {
    if (now.ms === null || before.ms === null) return evidence;
    if (Math.min(now.invocations, before.invocations) < LEAST_EXECUTIONS) return evidence;
    return weigh(evidence, isSlower({ ms: now.ms }, { ms: before.ms }), SLOWNESS);
  }, NO_EVIDENCE);
}

/** What speaks against the release in what the platform counted; undefined when nothing does, or nothing was counted. */
export function measuredAilment({ functions }: Measured, question: Question): string | undefined {
  for (const [name, both] of functions) {
    const minutes = shared(both);
    const [now, before] = [sum(minutes.map((each) => each.now)), sum(minutes.map((each) => each.before))];
    const harms = now.errors > now.invocations * question.harmless;
    if (harms && weightOf(minutes, question) >= AGAINST)
      return `${now.errors} of ${now.invocations} executions of the new ${name} failed, beside ${before.errors} of ${before.invocations} of the old`;
    const slow = slowness(minutes);
    if (speaksAgainst(slow))
      return `the new ${name} took more than twice as long as the old in ${slow.bad} of ${slow.answers} minutes`;
  }
  return undefined;
}

/** What was counted in all, for the record: by function, the new version and the old. */
export const measuredSums = ({ functions }: Measured) =>
  Object.fromEntries(
    [...functions]
      .filter(([, { now, before }]) => now.length + before.length > 0)
      .map(([name, { now, before }]) => [name, { now: sum(now), before: sum(before) }]),
  );
