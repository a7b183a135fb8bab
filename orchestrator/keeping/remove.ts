import { foreseen } from "../foreseen.ts";
import type { Lease } from "../ports/ledger.ts";
import { Problem } from "../problem.ts";
import { problem } from "../problems.ts";
import { acquireLease, type Contender, keepAlive } from "../promotion/lease.ts";
import { reasonOf } from "../promotion/outcome.ts";
import { type KeepingPorts, planRemoval, type Removal, type RemovalPlan } from "./plan.ts";

/** Releases for which one entry of the ledger speaks: an entry must fit into one item of its table. */
const BATCH = 50;

/** One run of gc. When its signal is aborted it stops after the removal that is under way. */
export type Keeping = Contender & { ports: KeepingPorts };

/**
 * Removes what the rules let go. It holds the environment's lease, so that no promotion counts on what is being removed,
 * and says in the ledger before and after what. When it is interrupted anywhere, the next run does the rest.
 * @throws lease-taken, chain-broken, removal-failed
 */
export async function removeReleases(keeping: Keeping): Promise<RemovalPlan> {
  const { ports, environment, signal } = keeping;
  const lease = await acquireLease(keeping).catch((error) => {
    throw signal.aborted ? failure(keeping, 0, 0, error) : error;
  });
  const endHeartbeat = keepAlive(keeping, lease);
  try {
    const plan = await planRemoval(ports, environment);
    for (let from = 0; from < plan.removed.length; from += BATCH) {
      if (signal.aborted) throw failure(keeping, from, plan.removed.length, signal.reason);
      await removeBatch(keeping, lease, plan.removed, from);
    }
    return plan;
  } finally {
    endHeartbeat();
    // A lease that could not be given back runs out by itself.
    await ports.ledger.release(lease).catch(() => {});
  }
}

async function removeBatch(keeping: Keeping, lease: Lease, all: Removal[], from: number): Promise<void> {
  const { order, ports } = keeping;
  const { clock, ledger } = ports;
  const batch = all.slice(from, from + BATCH);
  const began = clock.monotonic();
  const removed = { shas: [] as string[], versions: [] as Removal["versions"] };
  const ended = (failure: string | null) =>
    ledger.append(lease, {
      type: "releases-removed",
      ...removed,
      ms: Math.round(clock.monotonic() - began),
      failure,
    });
  try {
    await ledger.append(lease, {
      type: "removal-intended",
      shas: batch.map(({ sha }) => sha),
      versions: batch.flatMap(({ versions }) => versions),
      who: order.holder.who,
    });
    for (const removal of batch) await removeOne(keeping, removal, removed);
    await ended(null);
  } catch (error) {
    await ended(reasonOf(error).message).catch(() => {});
    throw failure(keeping, from + removed.shas.length, all.length, error);
  }
}

/** What the surroundings refused has its own words; anything else says how far it came. */
function failure({ environment }: Keeping, removed: number, of: number, error: unknown): unknown {
  const known = foreseen(error);
  if (known instanceof Problem) return known;
  const said = reasonOf(error).message;
  return problem("removal-failed", { environment: environment.name, removed, of, said }, error);
}

/**
 * The versions first: which of them are the release's may only be known by its manifest. Then the manifest, so that from
 * there on nobody finds a release that looks whole and is not. The parts last: what is left of them is found again.
 */
async function removeOne(
  { ports, signal }: Keeping,
  { sha, keys, versions }: Removal,
  removed: { shas: string[]; versions: Removal["versions"] },
): Promise<void> {
  for (const version of versions) {
    signal.throwIfAborted();
    await ports.versions.remove(version.functionName, version.version);
    removed.versions.push(version);
  }
  for (const key of keys) {
    signal.throwIfAborted();
    await ports.store.remove(key);
  }
  removed.shas.push(sha);
}
