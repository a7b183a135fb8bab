import type { Probe } from "../ports/probes.ts";
import type { PublishedFunction, RunningRelease } from "./events.ts";
import {
  type Evidence,
  isConclusive,
  NO_EVIDENCE,
  type Question,
  speaksAgainst,
  speaksFor,
  weigh,
} from "./evidence.ts";
import type { Promotion } from "./promotion.ts";

/** How one asked party has answered so far. */
export type Answers = {
  evidence: Evidence;
  /** How many of the bad were no answer at all: they may be the network's fault, or ours. */
  unanswered: number;
  lastProblem?: string;
  /** When it first answered badly, on the monotonic clock. */
  firstBadAt?: number;
  ms: number[];
};

/** A share of requests of which the new version may be the slower one by chance, and one that it may not. */
export const SLOWNESS: Question = { harmless: 0.2, harmful: 0.6 };
/** Slower is what takes more than twice the time, and this much more at least: below it is jitter. In milliseconds. */
const SLOWER_TIMES = 2;
const SLOWER_MS = 50;
/** Fewer answers to a user's request than this are no evidence. */
const LEAST_ANSWERS = 3;

/** How well a release and the one before it are, by what they answered. */
export type Vitals = {
  /** The new version of each function, asked directly. */
  candidate: Map<string, Answers>;
  /** The version that ran before, asked at the same moments; without one there is nothing to compare with. */
  baseline: Answers;
  /** What users get: through the URL. */
  users: Answers;
  slowness: Evidence;
  /** What a stranger without a key was told. */
  leak?: string;
  /** Who answered the last request through the URL. */
  lastVersion?: string;
};

const unasked = (): Answers => ({ evidence: NO_EVIDENCE, unanswered: 0, ms: [] });

export const unknownVitals = (): Vitals => ({
  candidate: new Map(),
  baseline: unasked(),
  users: unasked(),
  slowness: NO_EVIDENCE,
});

/**
 * Asks once around: the new version and the old side by side, every other function, and the URL with a key and without.
 * One question after the other, so that no function needs more room for them than for one request of a user.
 */
export async function takeVitals(p: Promotion, release: RunningRelease, vitals: Vitals): Promise<void> {
  const { health } = p.environment.promotion;
  await askInPairs(p, release, vitals);
  for (const [name, target] of Object.entries(release.functions))
    if (name !== health.function)
      note(p, of(vitals, name), judged(await p.ports.probes.ready(target), release.sha));
  await askAsUsers(p, release, vitals);
}

async function askInPairs(p: Promotion, release: RunningRelease, vitals: Vitals): Promise<void> {
  const { health, evidence } = p.environment.promotion;
  const target = release.functions[health.function];
  if (!target) return;
  const before = p.found.previous?.functions[health.function];
  for (let n = 0; n < evidence.pairs; n++) await askPair(p, { target, before, sha: release.sha }, vitals);
}

type Pair = { target: PublishedFunction; before: PublishedFunction | undefined; sha: string };

/** Both are asked at the same moment, so that what ails the network or the platform ails both. */
export async function askPair(p: Promotion, { target, before, sha }: Pair, vitals: Vitals): Promise<Probe> {
  const { probes } = p.ports;
  const [answer, old] = await Promise.all([
    probes.direct(target, { withKey: true }),
    before && before.version !== target.version ? probes.direct(before, { withKey: true }) : undefined,
  ]);
  const probe = judged(answer, sha);
  const answers = of(vitals, p.environment.promotion.health.function);
  note(p, answers, probe);
  if (old) {
    note(p, vitals.baseline, old);
    // The first answer of a version that nobody called before tells of its start, not of its work.
    if (probe.ok && old.ok && answers.evidence.answers > 1)
      vitals.slowness = weigh(vitals.slowness, isSlower(probe, old), SLOWNESS);
  }
  return probe;
}

export const isSlower = (probe: Pick<Probe, "ms">, old: Pick<Probe, "ms">) =>
  probe.ms > Math.max(old.ms * SLOWER_TIMES, old.ms + SLOWER_MS);

async function askAsUsers(p: Promotion, { url }: RunningRelease, vitals: Vitals): Promise<void> {
  const { probes } = p.ports;
  const answer = await probes.throughUrl({ url }, { withKey: true });
  const stranger = await probes.throughUrl({ url }, { withKey: false });
  note(p, vitals.users, answer);
  vitals.lastVersion = answer.version;
  vitals.leak ??= leakOf(stranger);
}

/** A stranger who gets an answer is no noise: once is enough. One who gets none at all was not let in. */
export const leakOf = ({ status }: Probe): string | undefined =>
  status >= 200 && status < 300 ? `status ${status} without a key, where 401 is due` : undefined;

/** An answer from other code than the release's is no good answer. */
export function judged(probe: Probe, sha: string): Probe {
  if (!probe.ok || probe.version === sha) return probe;
  return { ...probe, ok: false, problem: `it reports version ${probe.version}` };
}

export function of({ candidate }: Vitals, name: string): Answers {
  const found = candidate.get(name) ?? unasked();
  candidate.set(name, found);
  return found;
}

export function note(p: Promotion, answers: Answers, probe: Probe): void {
  answers.evidence = weigh(answers.evidence, !probe.ok, p.environment.promotion.evidence);
  answers.ms.push(probe.ms);
  if (!probe.ok && probe.status === 0) answers.unanswered++;
  if (probe.ok) return;
  answers.lastProblem = probe.problem ?? `status ${probe.status}`;
  answers.firstBadAt ??= p.ports.clock.monotonic();
}

/** What speaks against the release, or shows that nothing can be said: the version before it is not well either. */
export function ailment(vitals: Vitals): { ill: boolean; because: string } | undefined {
  if (vitals.leak) return { ill: true, because: vitals.leak };
  for (const [who, answers] of [...vitals.candidate, ["the URL", vitals.users] as const]) {
    if (!speaksAgainst(answers.evidence)) continue;
    const because = `${answers.evidence.bad} of ${answers.evidence.answers} health requests to ${who} failed (${answers.lastProblem})`;
    if (vitals.baseline.evidence.weight <= 0) return { ill: true, because };
    return { ill: false, because: `${because}, and so do those to the version that ran before` };
  }
  if (!speaksAgainst(vitals.slowness)) return undefined;
  const { bad, answers } = vitals.slowness;
  return {
    ill: true,
    because: `${bad} of ${answers} answers took more than twice as long as those of before`,
  };
}

/** What is still missing before the answers speak for the release; undefined when they do. */
export function missing(vitals: Vitals): string | undefined {
  const { users, candidate, slowness } = vitals;
  if (users.evidence.answers < LEAST_ANSWERS) return `only ${users.evidence.answers} answers through the URL`;
  for (const [who, { evidence }] of [...candidate, ["the URL", users] as const])
    if (!speaksFor(evidence))
      return `${evidence.bad} of ${evidence.answers} health requests to ${who} failed, too many to be sure`;
  if (slowness.answers > 0 && !speaksFor(slowness))
    return `${slowness.bad} of ${slowness.answers} answers were much slower than before, too many to be sure`;
  return undefined;
}

/** Whether more answers would teach nothing more. */
export const areConclusive = ({ users, candidate }: Vitals): boolean =>
  [users, ...candidate.values()].every(({ evidence }) => isConclusive(evidence));
