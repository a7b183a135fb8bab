import { breakLease } from "../promotion/lease.ts";
import { ledgerOf, newPromotionId } from "./compose.ts";
import { holder, surroundings, type Where } from "./surroundings.ts";

type Options = Where & { reason: string; json?: boolean };

/** Breaks a lease and records who did and why. What the dead run left is cleared up by the next promotion. */
export async function unlockCommand(options: Options): Promise<void> {
  const where = await surroundings(options);
  const ledger = ledgerOf(where);
  const us = holder(newPromotionId(new Date()));
  const { promotion } = where.environment;
  const { broken, held } = await breakLease(ledger, us, promotion.lease, options.reason);
  const said = broken
    ? `the lease of ${held?.holder.who} is broken`
    : held
      ? "the lease moved on by itself: its run lives"
      : "nobody holds the lease";
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ env: options.env, broken, holder: held?.holder ?? null })}\n`
      : `${said}\n`,
  );
}
