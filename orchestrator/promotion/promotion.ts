import canonicalize from "canonicalize";
import type { Environment } from "../environment.ts";
import type { Alarms } from "../ports/alarms.ts";
import type { Artifacts } from "../ports/artifacts.ts";
import type { Clock } from "../ports/clock.ts";
import type { Engine, Plan } from "../ports/engine.ts";
import type { Holder, Lease, Ledger } from "../ports/ledger.ts";
import type { Metrics } from "../ports/metrics.ts";
import type { Notifier } from "../ports/notifier.ts";
import type { Permissions } from "../ports/permissions.ts";
import type { Probes } from "../ports/probes.ts";
import type { Signer } from "../ports/signer.ts";
import type { Traffic } from "../ports/traffic.ts";
import type { Validation } from "../ports/validation.ts";
import { Problem } from "../problem.ts";
import type { LoadedRelease } from "../release/load.ts";
import type { Entry, LedgerEvent, RunningRelease } from "./events.ts";
import type { Guard, Overridden } from "./overrides.ts";
import type { Tell } from "./progress.ts";

/** The outside, as a promotion reaches it. */
export type Ports = {
  clock: Clock;
  engine: Engine;
  /** Where the release comes from. */
  source: Artifacts;
  /** The environment's own bucket. */
  store: Artifacts;
  ledger: Ledger;
  traffic: Traffic;
  alarms: Alarms;
  metrics: Metrics;
  probes: Probes;
  notifier: Notifier;
  signer: Signer;
  validation: Validation;
  permissions: Permissions;
  /** When the credentials in use end; undefined when they do not. */
  credentialsEnd(): Promise<Date | undefined>;
};

/** What was asked for. */
export type Order = {
  kind: "promote" | "rollback";
  /** The release to run; for a rollback, the one to return to, or null for the one before. */
  sha: string | null;
  why: string | null;
  holder: Holder;
  /** How long to wait for a lease that somebody else has. */
  waitMs: number;
  /** Guards that shall not refuse; `why` says why not. */
  overrides?: readonly Guard[];
  /** Whether the way back shall not be rehearsed; `why` says why not. */
  skipDrill?: boolean;
  /** Resources that hold data and may be replaced or deleted all the same, by URN. */
  allowDestructive?: readonly string[];
};

/** Whether the way back was rehearsed before people relied on it, and how long it took each way, in milliseconds. */
export type Drill =
  | { rehearsed: true; to: string; backMs: number; forwardMs: number }
  | { rehearsed: false; because: string };

/** What the steps have found out so far. A step reads what earlier ones found, never the steps themselves. */
export type Findings = {
  entries: Entry[];
  release?: LoadedRelease;
  /** The attestations that opened this environment to the release, by key. */
  attestations?: Record<string, Uint8Array>;
  /** What ran before this promotion. */
  previous?: RunningRelease;
  /** The release to go back to, should it come to that, or because it was asked for. */
  wayBack?: RunningRelease;
  plan?: Plan;
  /** The new versions, once they are published. */
  published?: RunningRelease;
  /** When the new versions began to share the traffic with the old. */
  sharedSince?: Date;
  /** What has all the traffic now, as far as it was proved. */
  running?: RunningRelease;
  /** Alarms that fired before the promotion, with leave, and have not been well since. */
  firing?: readonly string[];
  /** The guards that would have refused, had they not been overruled. */
  overridden?: readonly Overridden[];
  /** Who has the lease, where this promotion only looks. */
  holder?: Holder;
  drill?: Drill;
  validation?: { passed: number; log: string; resultsSha256: string };
  rollbackMs?: number;
};

/** One attempt to make an environment run a release. */
export type Promotion = {
  readonly id: string;
  readonly environment: Environment;
  readonly order: Order;
  readonly ports: Ports;
  readonly tell: Tell;
  readonly found: Findings;
  /** Aborted when the promotion shall stop; fresh again while the environment is taken back. */
  signal: AbortSignal;
  /** While the environment is taken back: aborted when only the traffic shall be, as somebody wants the end soon. */
  hurry?: AbortSignal;
  /** Stops the promotion from inside, for one that must not go on (the lease is lost). */
  stop(reason: unknown): void;
  lease?: Lease;
  /** Ends the heartbeat. */
  endHeartbeat?: () => void;
  /** When the decision to roll back fell, on the monotonic clock. */
  decidedAt?: number;
  /** Why the environment is being taken back. */
  failure?: { step: string; code: string; message: string };
  /** The names of the notices that people got already. */
  told?: Set<string>;
};

/** The SHA a promotion is about, as far as it is known. */
export const shaOf = (p: Promotion): string => p.found.release?.manifest.sha ?? p.order.sha ?? "";

/**
 * Records an event. Before the lease is held nothing has happened, so nothing is recorded.
 * @param promotionId whose event it is, where it is not this promotion's own
 */
export async function journal(p: Promotion, event: LedgerEvent, promotionId = p.id): Promise<void> {
  if (!p.lease) return;
  const { ledger } = p.ports;
  try {
    p.found.entries.push(await ledger.append(p.lease, event, promotionId));
  } catch (error) {
    if (isLeaseLost(error) || !(await landed(p, event, promotionId))) throw error;
  }
}

/** Whether an event that seemed to fail is in the ledger all the same, by now; then it is known from here on. */
export async function landed(p: Promotion, event: LedgerEvent, promotionId = p.id): Promise<boolean> {
  const written = await find(p, event, promotionId);
  if (written) p.found.entries.push(written);
  return written !== undefined;
}

/** The answer may have been lost, and not the entry: the ledger itself says whether it was written. */
async function find(p: Promotion, event: LedgerEvent, promotionId: string): Promise<Entry | undefined> {
  const { ledger } = p.ports;
  const known = p.found.entries.at(-1)?.sequence ?? 0;
  const wanted = canonicalize(ledger.asWritten?.(event) ?? event);
  const entries = await ledger.entries().catch((): Entry[] => []);
  return entries.find(
    (entry) =>
      entry.sequence > known && entry.promotionId === promotionId && canonicalize(entry.event) === wanted,
  );
}

/** Whether an error says that somebody else may change the environment now. */
export const isLeaseLost = (error: unknown) => error instanceof Problem && error.code === "lease-lost";
