import { lambdaTraffic } from "../adapters/lambda-traffic.ts";
import { systemClock } from "../adapters/system-clock.ts";
import type { Entry } from "../promotion/events.ts";
import { frozen } from "../promotion/freezes.ts";
import {
  type Hold,
  holds,
  openPromotions,
  overridesOf,
  readable,
  runningRelease,
  trusted,
} from "../promotion/history.ts";
import { type TrafficLine, trafficLines } from "../promotion/traffic.ts";
import { ledgerOf } from "./compose.ts";
import { surroundings, type Where } from "./surroundings.ts";
import { warnOfUnknown } from "./unknown-entries.ts";

export async function statusCommand(options: Where & { json?: boolean }): Promise<void> {
  const where = await surroundings(options);
  const { name } = where.environment;
  const ledger = ledgerOf(where);
  const [all, lease] = await Promise.all([ledger.entries(), ledger.held()]);
  const { entries, unknown } = readable(trusted(all, name));
  const running = runningRelease(entries);
  const ports = { traffic: lambdaTraffic(where.access) };
  const traffic = running ? await trafficLines({ ports, found: { entries } }, running) : [];
  const since = running ? lastChange(entries, running.sha) : undefined;
  const now = systemClock.now();
  const freeze = frozen(where.environment.promotion.freezes, now);
  const state = {
    env: name,
    sha: running?.sha ?? null,
    since: since?.at ?? null,
    promotionId: since?.promotionId ?? null,
    lastEnd: lastEnd(entries),
    inFlight: openPromotions(entries).at(-1) ?? null,
    lease: lease ? { ...lease.holder, since: lease.since } : null,
    holds: holds(entries, now),
    frozen: freeze ? { name: freeze.name, until: freeze.until.toISOString(), said: freeze.said } : null,
    overrides: since ? overridesOf(entries, since.promotionId) : [],
    traffic,
  };
  warnOfUnknown(unknown);
  process.stdout.write(options.json ? `${JSON.stringify(state)}\n` : text(state));
}

/** What `status` says. `since`, `promotionId` and `overrides` are of the promotion that brought what runs. */
export type State = {
  env: string;
  sha: string | null;
  since: string | null;
  promotionId: string | null;
  lastEnd: { promotionId: string; sha: string; outcome: string; why: string | null } | null;
  inFlight: { promotionId: string; sha: string } | null;
  lease: { who: string; host: string; run: string; since: string } | null;
  holds: Hold[];
  frozen: { name: string; until: string; said: string } | null;
  overrides: { guard: string; reason: string }[];
  traffic: TrafficLine[];
};

/** How the last promotion ended, which need not have changed what runs. */
function lastEnd(entries: Entry[]): State["lastEnd"] {
  for (const { promotionId, event } of entries.toReversed()) {
    if (event.type !== "promotion-ended") continue;
    const { sha, outcome, reason } = event;
    return { promotionId, sha, outcome, why: reason?.message ?? null };
  }
  return null;
}

/** The promotion that made the environment run this release, the last time it began to. */
function lastChange(entries: Entry[], sha: string): Entry | undefined {
  const ends = entries.filter(({ event }) => event.type === "promotion-ended" && event.running);
  const before = ends.findLastIndex(
    ({ event }) => event.type === "promotion-ended" && event.running?.sha !== sha,
  );
  return ends[before + 1];
}

/** The state in the words of a person who looks at it in a hurry. */
export function text(state: State): string {
  const { env, sha, since, promotionId, lastEnd: end, inFlight, lease, traffic } = state;
  const lines = [
    sha ? `${env} runs ${sha} since ${since} (${promotionId})` : `${env} has no promoted release yet`,
  ];
  for (const { function: name, version, sha: of, weight } of traffic)
    lines.push(
      `  ${name}: ${Math.round(weight * 100)} % on version ${version} (${of?.slice(0, 7) ?? "unknown"})`,
    );
  if (end?.why) lines.push(`last: ${end.outcome} ${end.sha.slice(0, 7)} (${end.promotionId}): ${end.why}`);
  for (const { guard, reason } of state.overrides)
    lines.push(`  promoted though ${guard} refused: ${reason}`);
  for (const hold of state.holds)
    lines.push(
      `${hold.sha ? `${hold.sha.slice(0, 7)} is kept` : `${env} is held`} by ${hold.who} since ${hold.since}, ${hold.until ? `until ${hold.until}` : "until it is released"}: ${hold.because}`,
    );
  if (state.frozen) lines.push(`${env} is frozen ("${state.frozen.name}") until ${state.frozen.said}`);
  if (lease) lines.push(`being changed by ${lease.who} on ${lease.host} since ${lease.since} (${lease.run})`);
  if (inFlight && !lease)
    lines.push(
      `${inFlight.promotionId} died before its end; next: npm run promote -- --env ${env} --sha ${inFlight.sha}`,
    );
  return `${lines.join("\n")}\n`;
}
