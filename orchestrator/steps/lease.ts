import { runningRelease, surelyRunning, trusted, understood, wayBack } from "../promotion/history.ts";
import { acquireLease, keepAlive } from "../promotion/lease.ts";
import { passed } from "../promotion/outcome.ts";
import { journal, shaOf } from "../promotion/promotion.ts";
import type { Step } from "../promotion/step.ts";

/** Takes the right to change the environment, and reads what has happened to it. */
export const lease: Step = {
  name: "lease",
  onFailure: "refuse",
  async run(p) {
    const { ledger } = p.ports;
    const { name } = p.environment;
    const ours = await acquireLease(p);
    p.endHeartbeat = keepAlive(p, ours);
    try {
      p.found.entries = understood(trusted(await ledger.entries(), name), name);
    } catch (error) {
      // Nothing is written to a ledger that cannot be trusted, not even that it was refused.
      p.endHeartbeat();
      await ledger.release(ours).catch(() => {});
      throw error;
    }
    p.lease = ours;
    p.found.previous = runningRelease(p.found.entries);
    p.found.wayBack = wayBack(p.found.entries);
    p.found.running = surelyRunning(p.found.entries);
    await journal(p, {
      type: "promotion-started",
      kind: p.order.kind,
      sha: shaOf(p),
      previousSha: p.found.previous?.sha ?? null,
      who: p.order.holder.who,
      why: p.order.why,
    });
    return passed(`fencing token ${ours.fence}`);
  },
};
