import type { Alarm } from "../ports/alarms.ts";
import { type Evidence, isConclusive, speaksAgainst } from "./evidence.ts";
import type { Answers, Vitals } from "./vitals.ts";

/** How one asked party has answered so far; `weight` is the log-likelihood ratio: above zero it speaks against it. */
export type Count = { answers: number; bad: number; weight: number };

/** The alarms by their states; of those that are not well, their names. */
export type AlarmStates = { ok: number; firing: string[]; noData: string[] };

/** Which of the two shares the bad answers of a release come from, as far as that can be said. */
export type Leaning = "harmless" | "harmful" | "undecided";

/** What a look at a release came to: the same figures for the eye, for a log and for a machine. */
export type Sighting = {
  /** How long it is looked at, and what is left of that, in milliseconds; below zero it is prolonged. Absent where answers are counted, not time. */
  time?: { forMs: number; leftMs: number };
  /** Null where they could not be read; absent where nobody looked. */
  alarms?: AlarmStates | null;
  /** Whoever was asked: each function's new version by its name, `before` (the version that ran), `users` (the URL). */
  asked: Record<string, Count>;
  /** What the test makes of the party that answered worst. */
  evidence: { says: Leaning; weight: number; of: string };
  /** What there is not enough of yet; null when nothing is missing. */
  lacks: string | null;
};

/** Everybody who was asked and answered, in the order in which they are shown. */
export function parties({ candidate, baseline, users }: Vitals): [who: string, answers: Answers][] {
  const all: [string, Answers][] = [...candidate, ["before", baseline], ["users", users]];
  return all.filter(([, { evidence }]) => evidence.answers > 0);
}

/** Sorts alarms by their states. An alarm whose actions are switched off tells nobody anything: it is counted by its state all the same. */
export function statesOf(alarms: Alarm[]): AlarmStates {
  const named = (state: Alarm["state"]) =>
    alarms.filter((each) => each.state === state).map(({ name }) => name);
  return { ok: named("OK").length, firing: named("ALARM"), noData: named("INSUFFICIENT_DATA") };
}

/** What the answers so far come to. */
export function sighting(
  vitals: Vitals,
  rest: Pick<Sighting, "time" | "alarms"> & { lacks?: string | undefined } = {},
): Sighting {
  const { lacks = null, ...seen } = rest;
  const asked = parties(vitals).map(([who, { evidence }]) => [who, countOf(evidence)] as const);
  return { ...seen, asked: Object.fromEntries(asked), evidence: leaning(vitals), lacks };
}

const countOf = ({ answers, bad, weight }: Evidence): Count => ({ answers, bad, weight: rounded(weight) });

/** Natural logarithms of odds to two digits: enough for people, and short. */
export const rounded = (weight: number): number => Math.round(weight * 100) / 100;

function leaning(vitals: Vitals): Sighting["evidence"] {
  const judged: [string, Evidence][] = parties(vitals)
    .filter(([who]) => who !== "before")
    .map(([who, { evidence }]) => [who, evidence]);
  if (vitals.slowness.answers > 0) judged.push(["slowness", vitals.slowness]);
  const [of, worst] = judged.toSorted(([, a], [, b]) => b.weight - a.weight)[0] ?? [];
  if (!of || !worst) return { says: "undecided", weight: 0, of: "users" };
  const against = vitals.leak !== undefined || speaksAgainst(worst);
  const settled = judged.every(([who, evidence]) => who === "slowness" || isConclusive(evidence));
  const says = against ? "harmful" : settled ? "harmless" : "undecided";
  return { says, weight: rounded(worst.weight), of };
}

/** A log-likelihood ratio in words: how many times likelier one explanation of the answers is than the other. */
export function sayOdds(weight: number): string {
  const times = Math.exp(Math.abs(weight));
  if (times < 1.05) return "noise and harm are as likely";
  const said = `${times < 9.95 ? times.toFixed(1) : Math.round(times)} times likelier`;
  return weight < 0 ? `noise is ${said} than harm` : `harm is ${said} than noise`;
}
