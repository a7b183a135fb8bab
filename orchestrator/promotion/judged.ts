import { type AlarmCourse, recordOf } from "./alarm-course.ts";
import type { LedgerEvent } from "./events.ts";
import { type Measured, measuredSums } from "./measured.ts";
import { journal, type Promotion } from "./promotion.ts";
import { parties, rounded } from "./sighting.ts";
import type { Answers, Vitals } from "./vitals.ts";

type Judged = Extract<LedgerEvent, { type: "judged" }>;
export type Verdict = Pick<Judged, "step" | "rule" | "verdict" | "because"> & {
  beganAt: number;
  /** The alarms meanwhile, where they were looked at. */
  alarms?: AlarmCourse;
};

/** Records a verdict with what it rests on: by which rule, on how many answers, how fast, and what the alarms said meanwhile. */
export async function recordVerdict(
  p: Promotion,
  verdict: Verdict,
  vitals: Vitals,
  measured?: Measured,
): Promise<void> {
  const { beganAt, alarms, ...said } = verdict;
  const asked = parties(vitals).map(([who, answers]) => [who, summary(answers)] as const);
  const sums = measured && measuredSums(measured);
  await journal(p, {
    type: "judged",
    ...said,
    ms: Math.round(p.ports.clock.monotonic() - beganAt),
    asked: Object.fromEntries(asked),
    firstBadMs: firstBad(vitals, beganAt),
    ...(alarms && { alarms: recordOf(alarms) }),
    ...(sums && Object.keys(sums).length > 0 ? { measured: sums } : {}),
  });
}

/** When the release first answered badly, whoever was asked; what the version before it answered does not count. */
function firstBad({ candidate, users }: Vitals, beganAt: number): number | null {
  const all = [users, ...candidate.values()].flatMap(({ firstBadAt }) => firstBadAt ?? []);
  return all.length === 0 ? null : Math.round(Math.min(...all) - beganAt);
}

function summary({ evidence: { answers, bad, weight }, ms }: Answers): Judged["asked"][string] {
  const sorted = ms.toSorted((a, b) => a - b);
  const quantile = (share: number) => {
    const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
    return value === undefined ? null : Math.round(value);
  };
  return { answers, bad, median: quantile(0.5), p95: quantile(0.95), weight: rounded(weight) };
}
