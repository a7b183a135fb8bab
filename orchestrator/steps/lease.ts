import { runningRelease, surelyRunning, trusted, wayBack } from "../promotion/history.ts";
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
    p.lease = await acquireLease(p);
    p.endHeartbeat = keepAlive(p, p.lease);
    p.found.entries = trusted(await ledger.entries(), p.environment.name);
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
    return passed(`fencing token ${p.lease.fence}`);
  },
};
