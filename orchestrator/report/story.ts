import type { Entry, LedgerEvent } from "../promotion/events.ts";
import { shaOfVersion } from "../promotion/history.ts";
import type { Reason } from "../promotion/outcome.ts";

type Event<T extends LedgerEvent["type"]> = Extract<LedgerEvent, { type: T }>;

/** What one function sent where since a moment, by what the ledger recorded: the SHA is null where nobody recorded it. */
export type Share = { functionName: string; version: string; sha: string | null; weight: number };

export type Told = {
  promotionId: string;
  /** The release that it was about: one that was asked for, or that a rollback found. */
  sha: string;
  started: Event<"promotion-started"> & { at: string };
  /** Undefined while it runs, or when it died. */
  ended: (Event<"promotion-ended"> & { at: string }) | undefined;
  steps: { name: string; at: string; outcome: string; ms: number; reason: Reason | null }[];
  traffic: { at: string; ms: number; shares: Share[] }[];
  judgements: (Event<"judged"> & { at: string })[];
  overrides: Event<"overridden">[];
  notices: { at: string; about: string }[];
  /** What stands against a release since, where there was evidence. */
  quarantined: (Event<"quarantined"> & { at: string })[];
  /** From the first entry to the last, ISO 8601. */
  from: string;
  to: string;
  entries: Entry[];
};

/** One promotion as its ledger tells it; undefined when the ledger does not know it. */
export function storyOf(entries: Entry[], promotionId: string): Told | undefined {
  const own = entries.filter((entry) => entry.promotionId === promotionId);
  const of = <T extends LedgerEvent["type"]>(type: T) =>
    own.filter(({ event }) => event.type === type).map(({ at, event }) => ({ ...(event as Event<T>), at }));
  const [started] = of("promotion-started");
  if (!started) return undefined;
  const ended = of("promotion-ended").at(-1);
  return {
    promotionId,
    sha: ended?.sha || started.sha,
    started,
    ended,
    steps: stepsOf(own),
    traffic: of("traffic-moved").map(({ at, ms, to }) => ({ at, ms, shares: sharesOf(entries, to) })),
    judgements: of("judged"),
    overrides: of("overridden"),
    notices: of("notified"),
    quarantined: of("quarantined"),
    from: own[0]?.at ?? started.at,
    to: own.at(-1)?.at ?? started.at,
    entries: own,
  };
}

/** The steps that ended, each at the time at which it began, and the one that began last if it never ended. */
function stepsOf(own: Entry[]): Told["steps"] {
  const began = new Map<string, string>();
  const steps: Told["steps"] = [];
  for (const { at, event } of own) {
    if (event.type === "step-started") began.set(event.step, at);
    if (event.type !== "step-finished") continue;
    const { step, outcome, ms, reason } = event;
    steps.push({ name: step, at: began.get(step) ?? at, outcome, ms, reason });
    began.delete(step);
  }
  const open = [...began].map(([name, at]) => ({ name, at, outcome: "not ended", ms: 0, reason: null }));
  return [...steps, ...open];
}

/** A recorded route is read as far as it is understood: the ledger keeps it as it was written. */
function sharesOf(entries: Entry[], to: Record<string, unknown>): Share[] {
  return Object.entries(to).flatMap(([functionName, route]) => {
    const { version, canary } = (route ?? {}) as {
      version?: string;
      canary?: { version: string; weight: number };
    };
    const share = (each: string, weight: number) => ({
      functionName,
      version: each,
      sha: shaOfVersion(entries, functionName, each) ?? null,
      weight,
    });
    if (version === undefined) return [];
    const weight = canary?.weight ?? 0;
    return [share(version, 1 - weight), ...(canary ? [share(canary.version, weight)] : [])];
  });
}
