import type { LeaseRecord } from "../ports/ledger.ts";
import { frozen } from "../promotion/freezes.ts";
import { brokenLink, holds, openPromotions, readable } from "../promotion/history.ts";
import { timeNeeded } from "../promotion/time-needed.ts";
import { type Finding, findingsOf } from "./finding.ts";
import { checkOf, type Ground } from "./ground.ts";

type Named = { environment: string };
type Held = Named & { who: string; run: string; host: string; since: string };

const find = findingsOf("ledger", {
  "ledger-fine": {
    severity: "fine",
    seen: (p: { entries: number }) =>
      `${p.entries} entries, each following from the one before; nothing is in the way`,
  },
  "ledger-chain-broken": {
    severity: "problem",
    seen: (p: Named & { sequence: number }) => `entry ${p.sequence} does not follow from the one before it`,
    remedy: (p) =>
      `npm run history -- --env ${p.environment} --verify; then docs/RUNBOOK_FAILURE_RECOVERY.md`,
  },
  "ledger-newer": {
    severity: "problem",
    seen: (p: { count: number }) => `${p.count} entries were written by a newer version of this tool`,
    remedy: () => "git pull, then npm ci",
  },
  "lease-held": {
    severity: "warning",
    seen: (p: Held) => `${p.who} is changing the environment since ${p.since} (${p.run})`,
    remedy: (p) => `wait for it: npm run status -- --env ${p.environment}`,
  },
  "lease-of-the-dead": {
    severity: "warning",
    seen: (p: Held) => `${p.who} holds the lease since ${p.since}, but its ${p.run} on this machine is gone`,
    remedy: (p) =>
      `npm run promote takes it over by itself after a while; at once: npm run unlock -- --env ${p.environment} --reason "<why>"`,
  },
  "lease-stuck": {
    severity: "problem",
    seen: (p: Held) =>
      `${p.who} holds the lease since ${p.since}, longer than any promotion lasts (${p.run} on ${p.host})`,
    remedy: (p) =>
      `see whether that run lives; if it is dead: npm run unlock -- --env ${p.environment} --reason "<why>"`,
  },
  "promotion-died": {
    severity: "warning",
    seen: (p: Named & { promotionId: string; sha: string }) => `${p.promotionId} died before its end`,
    remedy: (p) => `npm run promote -- --env ${p.environment} --sha ${p.sha} clears up after it`,
  },
  held: {
    severity: "warning",
    seen: (p: Named & { who: string; because: string; until: string }) =>
      `held by ${p.who} until ${p.until}: ${p.because}`,
    remedy: (p) => `npm run release-hold -- --env ${p.environment} --reason "<why>"`,
  },
  frozen: {
    severity: "warning",
    seen: (p: Named & { name: string; until: string }) => `frozen ("${p.name}") until ${p.until}`,
    remedy: () => "wait for its end; in an emergency: promote with --override freeze --reason",
  },
});

export const ledger = checkOf(find, async (ground) => {
  const { environment, place, now } = ground;
  const named = { environment: environment.name };
  const [all, lease] = await Promise.all([place.entries(), place.lease()]);
  const sequence = brokenLink(all);
  if (sequence !== undefined) return [find("ledger-chain-broken", { ...named, sequence })];
  const { entries, unknown } = readable(all);
  const found: Finding[] = [];
  if (unknown > 0) found.push(find("ledger-newer", { count: unknown }));
  if (lease) found.push(judgeLease(lease, ground));
  const [open] = openPromotions(entries);
  if (open && !lease) found.push(find("promotion-died", { ...named, ...open }));
  const hold = holds(entries, now()).find(({ sha }) => sha === null);
  if (hold) found.push(find("held", { ...named, ...hold, until: hold.until ?? "it is released" }));
  const freeze = frozen(environment.promotion.freezes, now());
  if (freeze) found.push(find("frozen", { ...named, name: freeze.name, until: freeze.said }));
  return found.length > 0 ? found : [find("ledger-fine", { entries: all.length })];
});

function judgeLease({ holder, since }: LeaseRecord, { environment, machine, now }: Ground): Finding {
  const about = { environment: environment.name, ...holder, since };
  const pid = Number(/^process (\d+)$/.exec(holder.run)?.[1] ?? 0);
  if (pid > 0 && holder.host === machine.host && !machine.isAlive(pid))
    return find("lease-of-the-dead", about);
  const lasted = now().getTime() - Date.parse(since);
  return find(lasted > timeNeeded(environment.promotion) ? "lease-stuck" : "lease-held", about);
}
