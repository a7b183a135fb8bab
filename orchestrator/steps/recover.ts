import { problem } from "../problems.ts";
import { openPromotions, quarantine, wayBack } from "../promotion/history.ts";
import { failed, passed, reasonOf } from "../promotion/outcome.ts";
import { journal, type Promotion } from "../promotion/promotion.ts";
import { evidenceAgainst } from "../promotion/quarantine.ts";
import { unfinishedUpdate } from "../promotion/stack.ts";
import type { Step } from "../promotion/step.ts";
import { restoreTraffic } from "../promotion/traffic.ts";
import { loadRelease, programOf } from "../release/load.ts";

/**
 * Clears up after promotions whose process died: all the traffic goes back to the last release that was promoted, and is
 * proved to be there, before anything new begins. Where that fails, only a person can say what the traffic is on.
 */
export const recover: Step = {
  name: "recover",
  onFailure: "ask",
  async run(p) {
    const dead = openPromotions(p.found.entries).filter(({ promotionId }) => promotionId !== p.id);
    if (dead.length === 0) return passed("nothing was left half-done");
    const died = dead.map(({ promotionId }) => promotionId).join(", ");
    try {
      await clearUp(p, dead);
    } catch (error) {
      const because = reasonOf(error).message;
      return failed(problem("recovery-failed", { environment: p.environment.name, died, because }, error));
    }
    return passed(`cleared up after ${died}, which died`);
  },
};

type Dead = { promotionId: string; sha: string };

async function clearUp(p: Promotion, dead: Dead[]): Promise<void> {
  const running = wayBack(p.found.entries);
  if (running) await restoreTraffic(p, running);
  for (const { promotionId } of dead) await clearLock(p, promotionId);
  for (const each of dead) await end(p, each);
  p.found.previous = running;
  p.found.running = running;
}

/** While it held the stack's lock nobody else could take it, and it was not done with it: the lock there is its own. */
async function clearLock(p: Promotion, promotionId: string): Promise<void> {
  const sha = unfinishedUpdate(p.found.entries, promotionId);
  if (sha) await p.ports.engine.clearLock(programOf(await loadRelease([p.ports.store], sha)));
}

async function end(p: Promotion, { promotionId, sha }: Dead): Promise<void> {
  const because = evidenceAgainst(p.found.entries, promotionId);
  if (because && !quarantine(p.found.entries, sha)) await journal(p, { type: "quarantined", sha, because });
  const running = wayBack(p.found.entries) ?? null;
  const remedy = `npm run promote -- --env ${p.environment.name} --sha ${sha}`;
  const reason = { code: "interrupted", message: "its process ended before the promotion did", remedy };
  const outcome = running ? ("rolled-back" as const) : ("needs-human" as const);
  const event = { type: "promotion-ended" as const, outcome, sha, reason, running, rollbackMs: null };
  await journal(p, event, promotionId);
}
