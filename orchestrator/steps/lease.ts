import { openPromotion, runningRelease, trusted, wayBack } from "../promotion/history.ts";
import { acquireLease, keepAlive } from "../promotion/lease.ts";
import { passed } from "../promotion/outcome.ts";
import { journal, type Promotion, shaOf } from "../promotion/promotion.ts";
import type { Step } from "../promotion/step.ts";
import { restoreTraffic } from "../promotion/traffic.ts";

/** Takes the lease, reads the ledger, and first of all clears up after a promotion that died. */
export const lease: Step = {
  name: "lease",
  onFailure: "refuse",
  async run(p) {
    const { ledger } = p.ports;
    p.lease = await acquireLease(p);
    p.endHeartbeat = keepAlive(p, p.lease);
    p.found.entries = trusted(await ledger.entries(), p.environment.name);
    const cleared = await clearUp(p);
    p.found.previous = runningRelease(p.found.entries);
    p.found.wayBack = wayBack(p.found.entries);
    p.found.running = p.found.previous;
    await journal(p, {
      type: "promotion-started",
      kind: p.order.kind,
      sha: shaOf(p),
      previousSha: p.found.previous?.sha ?? null,
      who: p.order.holder.who,
      why: p.order.why,
    });
    return passed(cleared);
  },
};

/** Ends a promotion whose process died: traffic goes back to the last known-good release before anything new begins. */
async function clearUp(p: Promotion): Promise<string | undefined> {
  const dead = openPromotion(p.found.entries);
  if (!dead || !p.lease) return undefined;
  const running = wayBack(p.found.entries);
  if (running) await restoreTraffic(p, running);
  const entry = await p.ports.ledger.append(
    p.lease,
    {
      type: "promotion-ended",
      outcome: running ? "rolled-back" : "needs-human",
      sha: dead.sha,
      reason: {
        code: "interrupted",
        message: "its process ended before the promotion did",
        remedy: `npm run promote -- --env ${p.environment.name} --sha ${dead.sha}`,
      },
      running: running ?? null,
      rollbackMs: null,
    },
    dead.promotionId,
  );
  p.found.entries.push(entry);
  return `cleared up after ${dead.promotionId}, which died`;
}
