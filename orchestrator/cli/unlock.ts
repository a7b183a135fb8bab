import { type Broken, breakLease } from "../promotion/lease.ts";
import { ledgerOf, newPromotionId } from "./compose.ts";
import { holder, surroundings, type Where } from "./surroundings.ts";

type Options = Where & { reason: string; json?: boolean };

/** Breaks a lease and records who did and why. What the dead run left is cleared up by the next promotion. */
export async function unlockCommand(options: Options): Promise<void> {
  const where = await surroundings(options);
  const ended = await breakLease(ledgerOf(where), {
    by: holder(newPromotionId(new Date())),
    durationMs: where.environment.promotion.lease,
    because: options.reason,
  });
  process.stdout.write(
    options.json ? `${JSON.stringify({ env: options.env, ...ended })}\n` : `${sentence(ended)}\n`,
  );
}

function sentence({ broken, holder: held }: Broken): string {
  if (broken) return `the lease of ${held?.who} is broken`;
  return held ? "the lease moved on by itself: its run lives" : "nobody holds the lease";
}
