import { sayDuration } from "../duration.ts";
import type { Problem } from "../problem.ts";
import { problem } from "../problems.ts";
import { type AlarmCourse, follow, unseenAlarms } from "./alarm-course.ts";
import { firing, type Lack, type Readings, read, silence } from "./alarm-evidence.ts";
import type { RunningRelease } from "./events.ts";
import { recordVerdict } from "./judged.ts";
import { type Measured, measure, measuredAilment, unmeasured } from "./measured.ts";
import type { Promotion } from "./promotion.ts";
import { sighting, statesOf } from "./sighting.ts";
import { ailment, areConclusive, missing, takeVitals, unknownVitals, type Vitals } from "./vitals.ts";

export type Observation = {
  step: string;
  forMs: number;
  release: RunningRelease;
  /** All answers must be the release's at the end. */
  whole: boolean;
};

/** What has been seen so far. */
type Seen = { vitals: Vitals; readings: Readings; alarms: AlarmCourse; measured: Measured };

/**
 * Watches alarms and sends health requests for a time. Ends at the first evidence against the release, and as soon as it
 * is clear that there can be none for it. When the time is over and the evidence is not enough, it goes on as long as
 * the environment's patience lasts.
 * @returns the objection: evidence against the release, or that there was no evidence for it; undefined when it is well
 */
export async function observe(p: Promotion, observation: Observation): Promise<Problem | undefined> {
  const seen: Seen = {
    vitals: unknownVitals(),
    readings: {},
    alarms: unseenAlarms(),
    measured: unmeasured(),
  };
  const beganAt = p.ports.clock.monotonic();
  const { step } = observation;
  const { objection, verdict, because } = await watch(p, observation, seen, beganAt);
  const { vitals, alarms, measured } = seen;
  const said = { step, rule: ruleOf(p, observation), verdict, because, beganAt, alarms };
  await recordVerdict(p, said, vitals, measured);
  return objection;
}

type Judgement = {
  objection?: Problem;
  verdict: "well" | "ill" | "inconclusive";
  because: string | null;
};

async function watch(
  p: Promotion,
  observation: Observation,
  seen: Seen,
  beganAt: number,
): Promise<Judgement> {
  const { clock } = p.ports;
  const { step, forMs } = observation;
  const { pollEvery, patience, endEarly } = p.environment.promotion;
  for (let lookedInVain = 0; ; ) {
    const left = forMs - (clock.monotonic() - beganAt);
    await look(p, observation, seen, left <= 0);
    follow(seen.alarms, seen.readings.last, clock.monotonic() - beganAt);
    const against = evidenceAgainst(p, step, seen);
    const lack = lackOfEvidence(p, observation, seen);
    tellOf(p, observation, seen, { leftMs: Math.round(left), lacks: lack?.because });
    if (against) return against;
    // One reading may be older than the last change: what is missing twice is missing.
    lookedInVain = lack?.final ? lookedInVain + 1 : 0;
    const over = left <= 0 || (endEarly && areConclusive(seen.vitals));
    if (!lack && over) return { verdict: "well", because: null };
    if (lack && (lookedInVain > 1 || left <= -patience)) return inconclusive(step, lack.because);
    await clock.sleep(left <= 0 ? Math.min(pollEvery, 200) : Math.min(pollEvery, left), p.signal);
  }
}

async function look(p: Promotion, { release }: Observation, seen: Seen, last: boolean): Promise<void> {
  const [alarms] = await Promise.all([
    p.ports.alarms.list().catch(() => undefined),
    takeVitals(p, release, seen.vitals),
    measure(p, release, seen.measured, last),
  ]);
  read(seen.readings, alarms);
}

function evidenceAgainst(
  p: Promotion,
  step: string,
  { readings, vitals, measured }: Seen,
): Judgement | undefined {
  const fired = firing(p.found, readings) ?? measuredAilment(measured, p.environment.promotion.evidence);
  if (fired) return ill(step, fired);
  const found = ailment(vitals);
  if (!found) return undefined;
  return found.ill ? ill(step, found.because) : inconclusive(step, found.because);
}

const ill = (during: string, evidence: string): Judgement => ({
  objection: problem("unhealthy", { during, evidence }),
  verdict: "ill",
  because: evidence,
});

const inconclusive = (during: string, because: string): Judgement => ({
  objection: problem("inconclusive", { during, because }),
  verdict: "inconclusive",
  because,
});

function lackOfEvidence(p: Promotion, { release, whole }: Observation, seen: Seen): Lack | undefined {
  const { readings, vitals } = seen;
  const silent = silence(p.found, release, readings, whole);
  if (silent) return silent;
  const because = missing(vitals);
  if (because) return { because, final: false };
  if (whole && vitals.lastVersion !== release.sha)
    return { because: `the last answer came from ${vitals.lastVersion ?? "nobody"}`, final: false };
  return undefined;
}

function tellOf(
  p: Promotion,
  { step, forMs }: Observation,
  { vitals, readings: { last } }: Seen,
  { leftMs, lacks }: { leftMs: number; lacks: string | undefined },
): void {
  const alarms = last ? statesOf(last) : null;
  p.tell({ type: "look", step, ...sighting(vitals, { time: { forMs, leftMs }, alarms, lacks }) });
}

function ruleOf(p: Promotion, { forMs }: Observation): string {
  const { evidence, patience, endEarly } = p.environment.promotion;
  const percent = (share: number) => `${Math.round(share * 1_000) / 10} %`;
  return [
    `no alarm, and bad answers nearer to ${percent(evidence.harmless)} than to ${percent(evidence.harmful)}`,
    `by a sequential test, for ${sayDuration(forMs)}`,
    endEarly ? "or until the test is conclusive" : "",
    `prolonged by ${sayDuration(patience)} at most`,
  ]
    .filter((part) => part !== "")
    .join(", ");
}
