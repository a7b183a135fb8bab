import { type StackLock, stackLocks } from "../adapters/stack-locks.ts";
import { breakLease, underLease } from "../promotion/lease.ts";
import { composeContender, ledgerOf, newPromotionId } from "./compose.ts";
import { holder, type Surroundings, surroundings, type Where } from "./surroundings.ts";

type Options = Where & { reason: string; json?: boolean };

/**
 * Breaks a lease, and takes the lock away that Pulumi keeps of the stack, and records who did and why. What the dead run
 * left is cleared up by the next promotion. Where the lease's holder lives, nothing is touched.
 */
export async function unlockCommand(options: Options): Promise<void> {
  const where = await surroundings(options);
  const ledger = ledgerOf(where);
  const us = holder(newPromotionId(new Date()));
  const { promotion } = where.environment;
  const { broken, held } = await breakLease(ledger, us, promotion.lease, options.reason);
  const lives = held !== undefined && !broken;
  const unlocked = lives ? [] : await unlockStack(where, options);
  const said = broken
    ? `the lease of ${held?.holder.who} is broken`
    : lives
      ? "the lease moved on by itself: its run lives"
      : "nobody holds the lease";
  const locks = unlocked.map(({ held: whose }) => `; the lock of the stack is taken from ${whose}`);
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ env: options.env, broken, holder: held?.holder ?? null, stackLocks: unlocked.map(({ held: whose }) => whose) })}\n`
      : `${said}${locks.join("")}\n`,
  );
}

/** Under the lease: whoever promotes meanwhile has a lock of the stack that is its own. */
async function unlockStack(where: Surroundings, { reason, json = false }: Options): Promise<StackLock[]> {
  const { name, promotion } = where.environment;
  const locks = stackLocks(promotion.state, name, where.access);
  if ((await locks.list()).length === 0) return [];
  const contender = await composeContender(where, { waitMs: 0, json });
  return await underLease(contender, async (append) => {
    const found = await locks.list();
    for (const lock of found) {
      const because = `${reason} (it was held by ${lock.held})`;
      await append({ type: "stack-unlocked", because, who: contender.order.holder.who });
      await locks.remove(lock);
    }
    return found;
  });
}
