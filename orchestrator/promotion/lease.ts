import type { Environment } from "../environment.ts";
import type { Clock } from "../ports/clock.ts";
import type { Holder, Lease, LeaseRecord, Ledger } from "../ports/ledger.ts";
import { problem } from "../problems.ts";
import type { Entry, LedgerEvent } from "./events.ts";
import type { Tell } from "./progress.ts";
import { isLeaseLost, type Promotion } from "./promotion.ts";

/** Whoever wants the right to change an environment: a promotion, or what removes old releases. */
export type Contender = {
  readonly environment: Environment;
  readonly order: { holder: Holder; waitMs: number };
  readonly ports: { ledger: Ledger; clock: Clock };
  readonly tell: Tell;
  signal: AbortSignal;
  stop(reason: unknown): void;
};

/**
 * Takes the environment's lease. A held one is refused at once, naming the holder, unless the order says to wait. A
 * holder counts as dead only when its heartbeat did not change for the lease's whole duration, as our own monotonic
 * clock measured it: clocks of two machines are never compared.
 */
export async function acquireLease(p: Contender): Promise<Lease> {
  const { ledger, clock } = p.ports;
  const began = clock.monotonic();
  let seen: { fence: number; beat: number; at: number } | undefined;
  let over: { fence: number; beat: number } | undefined;
  for (;;) {
    const answer = await ledger.acquire(p.order.holder, p.environment.promotion.lease, over);
    if (answer.acquired) return answer.lease;
    const { held } = answer;
    const now = clock.monotonic();
    if (now - began >= p.order.waitMs) throw taken(p, held);
    if (held.fence !== seen?.fence || held.beat !== seen.beat) seen = { ...held, at: now };
    over = now - seen.at >= held.durationMs ? { fence: held.fence, beat: held.beat } : undefined;
    if (over) continue;
    p.tell({ type: "note", step: "lease", text: `waiting for ${held.holder.who} (${held.holder.run})` });
    await clock.sleep(Math.min(2_000, held.durationMs / 4), p.signal);
  }
}

const taken = (p: Contender, { holder, since }: LeaseRecord) =>
  problem("lease-taken", {
    environment: p.environment.name,
    who: `${holder.who} on ${holder.host}`,
    since,
    run: holder.run,
  });

/**
 * Beats four times in a lease's duration. A beat that is refused means that somebody else may change the environment
 * now: ours stops. A beat that merely fails is tried again at the next turn.
 * @returns ends the beating
 */
export function keepAlive(p: Contender, lease: Lease): () => void {
  const ended = new AbortController();
  const beat = async () => {
    for (;;) {
      await p.ports.clock.sleep(p.environment.promotion.lease / 4, ended.signal);
      try {
        await p.ports.ledger.beat(lease);
      } catch (error) {
        if (!isLeaseLost(error)) continue;
        p.stop(error);
        return;
      }
    }
  };
  beat().catch(() => {});
  return () => ended.abort();
}

/**
 * Proves the lease again if its last proof is old: a process that stood still may have been taken for dead, and cleared up
 * after. Before something that has no fence of its own. Throws `lease-lost`.
 * @param provedAt the begin of the last write that needed the lease, on the monotonic clock
 */
export async function proveAgain(p: Promotion, provedAt: number): Promise<void> {
  const { clock, ledger } = p.ports;
  let at = provedAt;
  while (p.lease && clock.monotonic() - at > p.environment.promotion.lease / 2) {
    at = clock.monotonic();
    await ledger.beat(p.lease);
  }
}

/** Takes the lease for a moment to record something, and gives it back whatever happens. */
export async function underLease<T>(
  contender: Contender,
  act: (append: (event: LedgerEvent) => Promise<Entry>) => Promise<T>,
): Promise<T> {
  const { ledger } = contender.ports;
  const lease = await acquireLease(contender);
  try {
    return await act((event) => ledger.append(lease, event));
  } finally {
    // A lease that could not be given back runs out by itself.
    await ledger.release(lease).catch(() => {});
  }
}

/**
 * Takes the lease away from whoever holds it, records who did and why, and gives it back. It is taken only as it was
 * seen: a holder who beats meanwhile keeps it.
 */
export async function breakLease(
  ledger: Ledger,
  us: Holder,
  durationMs: number,
  because: string,
): Promise<{ broken: boolean; held: LeaseRecord | undefined }> {
  const held = await ledger.held();
  if (!held) return { broken: false, held };
  const answer = await ledger.acquire(us, durationMs, held);
  if (!answer.acquired) return { broken: false, held };
  const { who, host, run } = held.holder;
  const holder = `${who} on ${host} (${run})`;
  try {
    await ledger.append(answer.lease, { type: "lease-broken", holder, because, who: us.who });
  } finally {
    await ledger.release(answer.lease);
  }
  return { broken: true, held };
}
