import type { LedgerEvent } from "./events.ts";
import { type Measured, measuredSums } from "./measured.ts";
import { journal, type Promotion } from "./promotion.ts";
import type { Answers, Vitals } from "./vitals.ts";

type Judged = Extract<LedgerEvent, { type: "judged" }>;
export type Verdict = Pick<Judged, "step" | "rule" | "verdict" | "because"> & { beganAt: number };

/** Records a verdict with what it rests on: by which rule, on how many answers, how fast. */
export async function recordVerdict(
  p: Promotion,
  verdict: Verdict,
  vitals: Vitals,
  measured?: Measured,
): Promise<void> {
  const { beganAt, ...said } = verdict;
  const { candidate, baseline, users } = vitals;
  const asked = Object.entries({ ...Object.fromEntries(candidate), before: baseline, users })
    .filter(([, { evidence }]) => evidence.answers > 0)
    .map(([who, answers]) => [who, summary(answers)] as const);
  const sums = measured && measuredSums(measured);
  await journal(p, {
    type: "judged",
    ...said,
    ms: Math.round(p.ports.clock.monotonic() - beganAt),
    asked: Object.fromEntries(asked),
    ...(sums && Object.keys(sums).length > 0 ? { measured: sums } : {}),
  });
}

function summary({ evidence: { answers, bad }, ms }: Answers): Judged["asked"][string] {
  const sorted = ms.toSorted((a, b) => a - b);
  const quantile = (share: number) => {
    const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
    return value === undefined ? null : Math.round(value);
  };
  return { answers, bad, median: quantile(0.5), p95: quantile(0.95) };
}
