import type { Entry, LedgerEvent } from "./events.ts";

const DAY_MS = 86_400_000;

/** The four DORA metrics of an environment. Durations are milliseconds, medians; null where there is nothing to measure. */
export type Metrics = {
  from: string;
  to: string;
  /** Promotions that gave an environment a new release, and their number a day. */
  deployments: { count: number; perDay: number };
  /** From the commit to the end of its promotion. `of` is how many commit times the ledger knows. */
  leadTime: { medianMs: number | null; of: number };
  /** Of the promotions that changed something, those that failed, or that were taken back on request later. */
  changeFailures: { count: number; of: number; rate: number | null };
  /** From the moment a failure was seen until a good release was proved to have all the traffic. */
  restore: { medianMs: number | null; of: number; open: number };
};

type Ended = Extract<LedgerEvent, { type: "promotion-ended" }>;
type Change = {
  sha: string;
  kind: "promote" | "rollback";
  outcome: Ended["outcome"];
  startedAt: number;
  endedAt: number;
  committedAt: number | undefined;
  /** When the first of its steps failed. */
  failedAt: number | undefined;
  /** When the way back was proved. */
  restoredAt: number | undefined;
};

/** Computes the metrics of the promotions that ended within a time, from all entries of a ledger. */
export function doraMetrics(entries: Entry[], from: Date, to: Date): Metrics {
  const all = changesOf(entries);
  const within = all.filter(({ endedAt }) => endedAt >= from.getTime() && endedAt <= to.getTime());
  const forward = within.filter(({ kind }) => kind === "promote");
  const promoted = forward.filter(({ outcome }) => outcome === "promoted");
  const leads = promoted.flatMap(({ committedAt, endedAt }) =>
    committedAt === undefined ? [] : [endedAt - committedAt],
  );
  const failed = forward.filter((change) => change.outcome !== "promoted" || takenBackLater(all, change));
  const outages = within.filter(isOutage).map((change) => restoredAfter(all, change));
  const restored = outages.filter((ms) => ms !== undefined);
  const days = (to.getTime() - from.getTime()) / DAY_MS;
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    deployments: { count: promoted.length, perDay: days > 0 ? promoted.length / days : 0 },
    leadTime: { medianMs: median(leads), of: leads.length },
    changeFailures: {
      count: failed.length,
      of: forward.length,
      rate: forward.length === 0 ? null : failed.length / forward.length,
    },
    restore: { medianMs: median(restored), of: restored.length, open: outages.length - restored.length },
  };
}

/** Every promotion that changed something and ended, in the order of their ends. What was refused or unchanged did not. */
function changesOf(entries: Entry[]): Change[] {
  const begun = new Map<string, Omit<Change, "outcome" | "endedAt">>();
  const ended: Change[] = [];
  for (const { promotionId, at, event } of entries) {
    const time = Date.parse(at);
    if (event.type === "promotion-started") {
      const unknown = { committedAt: undefined, failedAt: undefined, restoredAt: undefined };
      begun.set(promotionId, { sha: event.sha, kind: event.kind, startedAt: time, ...unknown });
    }
    const change = begun.get(promotionId);
    if (!change) continue;
    if (event.type === "release-published" && event.committedAt)
      change.committedAt = Date.parse(event.committedAt);
    if (event.type === "step-finished" && event.outcome === "failed") change.failedAt ??= time;
    if (event.type === "traffic-restored") change.restoredAt = time;
    if (event.type !== "promotion-ended") continue;
    begun.delete(promotionId);
    if (event.outcome === "refused" || event.outcome === "unchanged") continue;
    ended.push({ ...change, sha: event.sha || change.sha, outcome: event.outcome, endedAt: time });
  }
  return ended;
}

/** A requested rollback takes back the promotion before it: whatever ran then was not good enough. */
function takenBackLater(all: Change[], change: Change): boolean {
  const after = all.slice(all.indexOf(change) + 1);
  const next = after.find(({ kind, outcome }) => kind === "rollback" || outcome === "promoted");
  return next?.kind === "rollback";
}

const isOutage = ({ kind, outcome }: Change) => kind === "rollback" || outcome !== "promoted";

/** Milliseconds until the environment was well again; undefined where it is not yet. */
function restoredAfter(all: Change[], change: Change): number | undefined {
  const seen = change.kind === "rollback" ? change.startedAt : (change.failedAt ?? change.endedAt);
  if (change.restoredAt !== undefined) return change.restoredAt - seen;
  const later = all.slice(all.indexOf(change) + 1);
  const cure = later.find(({ outcome, restoredAt }) => outcome === "promoted" || restoredAt !== undefined);
  return cure && (cure.restoredAt ?? cure.endedAt) - seen;
}

function median(values: number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = [sorted[middle - 1], sorted[middle]];
  if (sorted.length === 0) return null;
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}
