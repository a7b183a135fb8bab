import type { Clock } from "../../orchestrator/ports/clock.ts";
import type { LeaseRecord, Ledger } from "../../orchestrator/ports/ledger.ts";
import { problem } from "../../orchestrator/problems.ts";
import { type Entry, GENESIS, hashOf, LEDGER_EVENT } from "../../orchestrator/promotion/events.ts";
import { trusted, understood } from "../../orchestrator/promotion/history.ts";

export type MemoryLedger = Ledger & {
  /** The entries themselves, for a test that looks at them or changes them behind the ledger's back. */
  readonly written: Entry[];
  /** What a conditional write by this method would name now: the head, or the lease as it stands. */
  conditionOf(method: string): string;
};

/** A ledger in memory, with the rules of the real one: a fence that only rises, a guarded append, a chain. */
export function memoryLedger({ environment, clock }: { environment: string; clock: Clock }): MemoryLedger {
  const written: Entry[] = [];
  let record: LeaseRecord | undefined;
  let fence = 0;
  /** The last entry of ours: behind another one there may be anything. */
  let head: Entry | undefined;

  function requireOurs(ours: number): LeaseRecord {
    if (!record || record.fence !== ours) throw problem("lease-lost", { environment });
    return record;
  }

  return {
    written,
    conditionOf: (method) =>
      method === "append" ? String(written.length) : `${record?.fence} ${record?.beat} ${fence}`,
    async acquire(holder, durationMs, over) {
      if (record?.holder.promotionId === holder.promotionId)
        return { acquired: true, lease: { fence: record.fence, promotionId: holder.promotionId } };
      const dead = over !== undefined && record?.fence === over.fence && record.beat === over.beat;
      if (record && !dead) return { acquired: false, held: structuredClone(record) };
      fence++;
      record = { holder, fence, beat: 0, since: clock.now().toISOString(), durationMs };
      return { acquired: true, lease: { fence, promotionId: holder.promotionId } };
    },
    async held() {
      return structuredClone(record);
    },
    async beat(lease) {
      requireOurs(lease.fence).beat++;
    },
    async release(lease) {
      if (record?.fence === lease.fence) record = undefined;
    },
    async append(lease, event, promotionId = lease.promotionId) {
      requireOurs(lease.fence);
      if (written.at(-1) !== head) understood(trusted(written, environment), environment);
      const unsealed = {
        sequence: written.length + 1,
        promotionId,
        at: clock.now().toISOString(),
        // As written and read again: what JSON cannot say is lost here too.
        event: LEDGER_EVENT.parse(JSON.parse(JSON.stringify(event))),
        previous: written.at(-1)?.hash ?? GENESIS,
      };
      const entry = frozen({ ...unsealed, hash: hashOf(unsealed) });
      written.push(entry);
      head = entry;
      return entry;
    },
    async entries() {
      return [...written];
    },
  };
}

/** Nobody can change an entry that was read, so it need not be copied for each reader. */
function frozen<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (inner !== null && typeof inner === "object") frozen(inner);
  return Object.freeze(value);
}
