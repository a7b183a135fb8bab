import { Problem } from "../problem.ts";
import { problem } from "../problems.ts";
import type { RunningRelease } from "../promotion/events.ts";
import { openPromotions, quarantine, wayBack } from "../promotion/history.ts";
import { tryToTellPeople } from "../promotion/notices.ts";
import { failed, passed, reasonOf } from "../promotion/outcome.ts";
import { journal, type Promotion } from "../promotion/promotion.ts";
import { evidenceAgainst } from "../promotion/quarantine.ts";
import { lastUpdate, restoreStack } from "../promotion/stack.ts";
import type { Step } from "../promotion/step.ts";
import { restoreTraffic } from "../promotion/traffic.ts";
import { loadRelease, programOf } from "../release/load.ts";

/**
 * Clears up after promotions whose process died: all the traffic goes back to the last release that was promoted, and is
 * proved to be there, before anything new begins. Where that fails, only a person can say what the traffic is on. The lock
 * that an engine left when it was killed is taken away as well.
 */
export const recover: Step = {
  name: "recover",
  onFailure: "ask",
  async run(p) {
    const dead = openPromotions(p.found.entries).filter(({ promotionId }) => promotionId !== p.id);
    const locked = lastUpdate(p.found.entries)?.locked ?? false;
    if (dead.length === 0 && !locked) return passed("nothing was left half-done");
    const died = dead.map(({ promotionId }) => promotionId).join(", ") || "an update that was cut off";
    try {
      await clearUp(p, dead);
    } catch (error) {
      if (error instanceof Problem && LEAVES_THE_STACK.has(error.code)) return failed(error);
      const because = reasonOf(error).message;
      return failed(problem("recovery-failed", { environment: p.environment.name, died, because }, error));
    }
    return passed(`cleared up after ${died}${dead.length > 0 ? ", which died" : ""}`);
  },
};

/** The traffic is where it should be, and only the stack is not. */
const LEAVES_THE_STACK = new Set(["stack-behind", "stopped-midway"]);

type Dead = { promotionId: string; sha: string };

async function clearUp(p: Promotion, dead: Dead[]): Promise<void> {
  const running = wayBack(p.found.entries);
  if (dead.length > 0) {
    if (running) await restoreTraffic(p, running);
    p.found.previous = running;
    p.found.running = running;
  }
  await clearLock(p);
  for (const each of dead) await condemn(p, each);
  if (running && isCondemned(p)) await takeStackBack(p, running, dead);
  for (const each of dead) await end(p, each);
}

/**
 * An update that did not come to its end may have left its lock. While it ran nobody else could take the lock, and since
 * then nobody has had the lease but us: the lock there is its own.
 */
async function clearLock(p: Promotion): Promise<void> {
  const last = lastUpdate(p.found.entries);
  if (!last?.locked) return;
  await p.ports.engine.clearLock(programOf(await loadRelease([p.ports.store], last.sha)));
  const because = `the update to ${last.sha} did not come to its end`;
  await journal(p, { type: "stack-unlocked", because, who: p.order.holder.who });
}

/** What a dead run found out against its release, and did not come to say. */
async function condemn(p: Promotion, { promotionId, sha }: Dead): Promise<void> {
  const because = evidenceAgainst(p.found.entries, promotionId);
  if (because && !quarantine(p.found.entries, sha)) await journal(p, { type: "quarantined", sha, because });
}

/** A promotion of this release will be refused: nothing that comes after this step would bring the stack back. */
const isCondemned = ({ order, found }: Promotion) =>
  order.kind === "promote" && quarantine(found.entries, order.sha ?? "") !== undefined;

/** The end of a taking back that died in the middle. The traffic was proved to be back before. */
async function takeStackBack(p: Promotion, running: RunningRelease, dead: Dead[]): Promise<void> {
  const died = new Set(dead.map(({ promotionId }) => promotionId));
  const touched = p.found.entries.some(
    ({ promotionId, event }) => died.has(promotionId) && event.type === "stack-intended",
  );
  if (!touched) return;
  try {
    await restoreStack(p, running);
  } catch (error) {
    if (error instanceof Problem && LEAVES_THE_STACK.has(error.code)) throw error;
    const details = { environment: p.environment.name, sha: running.sha, because: reasonOf(error).message };
    throw problem("stack-behind", details, error);
  }
}

async function end(p: Promotion, { promotionId, sha }: Dead): Promise<void> {
  const running = wayBack(p.found.entries);
  const remedy = `npm run promote -- --env ${p.environment.name} --sha ${sha}`;
  const message = "its process ended before the promotion did";
  const outcome = running ? "rolled-back" : "needs-human";
  const reason = { code: "interrupted", message, remedy };
  const ended = { outcome, sha, reason, running: running ?? null, rollbackMs: null } as const;
  // Told first: once its end is recorded nobody comes back to it.
  await tryToTellPeople(p, { about: "died", promotionId, sha, happened: message, running, next: remedy });
  await journal(p, { type: "promotion-ended", ...ended }, promotionId);
}
