import type { Holder, Lease, LeaseRecord, Ledger } from "../ports/ledger.ts";
import { problem } from "../problems.ts";
import type { Entry, LedgerEvent } from "./events.ts";
import type { Order, Ports, Promotion } from "./promotion.ts";

/** What it takes to ask for a lease: a promotion has it, and so has a command that only records something. */
export type Asking = Pick<Promotion, "environment" | "tell" | "signal"> & {
  ports: Pick<Ports, "ledger" | "clock">;
  order: Pick<Order, "holder" | "waitMs">;
};

/**
 * Takes the environment's lease. A held one is refused at once, naming the holder, unless the order says to wait. A
 * holder counts as dead only when its heartbeat did not change for the lease's whole duration, as our own monotonic
 * clock measured it: clocks of two machines are never compared.
 */
export async function acquireLease(p: Asking): Promise<Lease> {
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

const taken = (p: Asking, { holder, since }: LeaseRecord) =>
  problem("lease-taken", {
    environment: p.environment.name,
    who: `${holder.who} on ${holder.host}`,
    since,
    run: holder.run,
  });

/**
 * Beats four times in a lease's duration. A beat that is refused means that somebody else may change the environment
 * now: the promotion stops. A beat that merely fails is tried again at the next turn.
 * @returns ends the beating
 */
export function keepAlive(p: Promotion, lease: Lease): () => void {
  const ended = new AbortController();
  const beat = async () => {
    for (;;) {
      await p.ports.clock.sleep(p.environment.promotion.lease / 4, ended.signal);
      try {
        await p.ports.ledger.beat(lease);
      } catch (error) {
        if (!isLost(error)) continue;
        p.stop(error);
        return;
      }
    }
  };
  beat().catch(() => {});
  return () => ended.abort();
}

const isLost = (error: unknown) => error instanceof Error && "code" in error && error.code === "lease-lost";

/** Takes the lease for a moment to record something, and gives it back whatever happens. */
export async function underLease<T>(
  asking: Asking,
  act: (append: (event: LedgerEvent) => Promise<Entry>) => Promise<T>,
): Promise<T> {
  const { ledger } = asking.ports;
  const lease = await acquireLease(asking);
  try {
    return await act((event) => ledger.append(lease, event));
  } finally {
    // A lease that could not be given back runs out by itself.
    await ledger.release(lease).catch(() => {});
  }
}

/** What an attempt to break a lease came to. A lease that beat meanwhile is alive, and is left alone. */
export type Broken = { broken: boolean; holder: Holder | null };

/** Takes the lease from whoever has it, if it is as it was seen, and records who did that and why. */
export async function breakLease(
  ledger: Ledger,
  { by, durationMs, because }: { by: Holder; durationMs: number; because: string },
): Promise<Broken> {
  const held = await ledger.held();
  if (!held) return { broken: false, holder: null };
  const answer = await ledger.acquire(by, durationMs, held);
  if (!answer.acquired) return { broken: false, holder: held.holder };
  const { who, host, run } = held.holder;
  try {
    const holder = `${who} on ${host} (${run})`;
    await ledger.append(answer.lease, { type: "lease-broken", holder, because, who: by.who });
  } finally {
    await ledger.release(answer.lease);
  }
  return { broken: true, holder: held.holder };
}
