import type { Entry, LedgerEvent } from "../promotion/events.ts";

/** Who holds, or asks for, the right to change an environment. */
export type Holder = { who: string; host: string; run: string; promotionId: string };

/** A lease as it stands. `beat` rises with every heartbeat, `fence` with every acquisition. */
export type LeaseRecord = { holder: Holder; fence: number; beat: number; since: string; durationMs: number };

/** A lease that is ours, proved by its fencing token. */
export type Lease = { fence: number; promotionId: string };

export type Acquisition = { acquired: true; lease: Lease } | { acquired: false; held: LeaseRecord };

/** The append-only record of an environment's promotions, and the lease that guards every write to it. */
export interface Ledger {
  /** Takes the lease if nobody has it. `over` is the fence and beat of a lease seen to be dead, which may be taken over. */
  acquire(holder: Holder, durationMs: number, over?: { fence: number; beat: number }): Promise<Acquisition>;
  /** The lease as it stands, or undefined when nobody has it. */
  held(): Promise<LeaseRecord | undefined>;
  /** Shows that we are alive; throws `lease-lost` when the lease is no longer ours. */
  beat(lease: Lease): Promise<void>;
  release(lease: Lease): Promise<void>;
  /**
   * Appends one event; throws `lease-lost`, and appends nothing, when the lease is no longer ours.
   * @param promotionId whose event it is, where it is not the lease holder's own
   */
  append(lease: Lease, event: LedgerEvent, promotionId?: string): Promise<Entry>;
  /** An event as its entry will have it, where that is not as it was given: whoever looks for it looks for that. */
  asWritten?(event: LedgerEvent): LedgerEvent;
  /** Every entry, oldest first. */
  entries(): Promise<Entry[]>;
}
