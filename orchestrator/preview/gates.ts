import type { Environment } from "../environment.ts";
import type { Plan } from "../ports/engine.ts";
import type { Problem } from "../problem.ts";
import { problem } from "../problems.ts";
import { brokenRules } from "../promotion/broken-rules.ts";
import type { Entry } from "../promotion/events.ts";
import { frozen } from "../promotion/freezes.ts";
import { holds, quarantine, runningRelease } from "../promotion/history.ts";
import { losses } from "../promotion/losses.ts";

/**
 * Every objection that a promotion of this plan would meet at this moment, as far as the plan and the ledger tell it. A
 * promotion stops at the first; whoever reviews a change wants to know all of them.
 */
export function gatesMet(
  { name, promotion }: Environment,
  { plan, entries, now, sha }: { plan: Plan; entries: Entry[]; now: Date; sha: string },
): Problem[] {
  const met: Problem[] = [];
  const lost = losses(plan.changes);
  if (lost.length > 0) met.push(problem("destructive-change", { urns: lost }));
  const broken = brokenRules(plan, name);
  if (broken.length > 0) met.push(problem("policy-violated", { broken }));
  const running = runningRelease(entries);
  const anew = plan.changes.length > 0 && plan.changes.every(({ operation }) => operation === "create");
  if (running && anew) met.push(problem("state-lost", { environment: name, sha: running.sha }));
  const because = quarantine(entries, sha);
  if (because) met.push(problem("quarantined", { sha, because }));
  const hold = holds(entries, now).find((each) => each.sha === null);
  if (hold) met.push(problem("held", { environment: name, ...hold }));
  const freeze = frozen(promotion.freezes, now);
  if (freeze) met.push(problem("frozen", { environment: name, name: freeze.name, until: freeze.said }));
  return met;
}
