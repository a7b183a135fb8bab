import { isEvidence } from "../promotion/quarantine.ts";
import type { Told } from "./story.ts";

/**
 * How long a bad release went unnoticed, in milliseconds until the decision against it. Null: there was none of it; undefined:
 * the ledger does not tell, because it was written before that was recorded.
 */
export type Detection = {
  step: string;
  because: string;
  fromTraffic: number | null;
  fromBadAnswer: number | null | undefined;
  fromAlarm: number | null | undefined;
};

/**
 * When and by what a release was found bad; undefined where none was. What was refused, interrupted or could not be built
 * was not found bad.
 */
export function detectionOf({ steps, traffic, judgements, sha }: Told): Detection | undefined {
  const failed = steps.find(({ outcome, reason }) => outcome === "failed" && reason);
  if (!failed?.reason) return undefined;
  const verdict = judgements.find(({ step, verdict: was }) => step === failed.name && was !== "well");
  if (!verdict && !isEvidence(failed.reason.code)) return undefined;
  const decided = verdict ? Date.parse(verdict.at) : Date.parse(failed.at) + failed.ms;
  const since = (moments: number[]) => (moments.length === 0 ? null : decided - Math.min(...moments));
  const shifted = traffic
    .filter(({ shares }) => shares.some((share) => share.sha === sha && share.weight > 0))
    .map(({ at, ms }) => Date.parse(at) - ms);
  const told = judgements.filter(({ firstBadMs }) => firstBadMs !== undefined);
  const bad = told.flatMap((each) => (each.firstBadMs == null ? [] : began(each) + each.firstBadMs));
  const watched = judgements.flatMap((each) =>
    each.alarms ? [{ ...each, states: each.alarms.states }] : [],
  );
  const fired = watched.flatMap((each) =>
    Object.values(each.states).flatMap((moments) => {
      const first = moments.find(([, state]) => state === "ALARM");
      return first ? [began(each) + first[0]] : [];
    }),
  );
  return {
    step: failed.name,
    because: failed.reason.message,
    fromTraffic: since(shifted),
    fromBadAnswer: told.length === 0 ? undefined : since(bad),
    fromAlarm: watched.length === 0 ? undefined : since(fired),
  };
}

const began = ({ at, ms }: { at: string; ms: number }) => Date.parse(at) - ms;
