import type { Problem } from "../problem.ts";
import { journal, type Promotion } from "./promotion.ts";

/**
 * The guards that a person may overrule, with a reason, and the refusal that each raises. What says whose bytes these are
 * (digests, attestations) is not among them: there is no good reason to deploy what nobody vouches for.
 */
export const GUARDS = {
  quarantine: "quarantined",
  alarms: "alarms-firing",
  hold: "held",
  freeze: "frozen",
  "rollback-target": "no-rollback-target",
} as const;

export type Guard = keyof typeof GUARDS;

export const GUARD_NAMES = Object.keys(GUARDS) as Guard[];

/** A guard that would have refused, and what it would have said. */
export type Overridden = { guard: string; because: string };

/**
 * Lets pass what the order overrules, and records each guard that really would have refused. Nothing is recorded where
 * something else refuses anyway.
 * @returns the first objection that stands
 */
export async function standing(p: Promotion, objections: Problem[]): Promise<Problem | undefined> {
  const overruled = objections.map((objection) => ({ objection, guard: overruling(p, objection) }));
  const stands = overruled.find(({ guard }) => guard === undefined);
  if (stands) return stands.objection;
  for (const { objection, guard } of overruled) await override(p, guard ?? "", objection.message);
  return undefined;
}

const overruling = (p: Promotion, { code }: Problem): Guard | undefined =>
  p.order.overrides?.find((guard) => GUARDS[guard] === code);

/** Records that a guard was overruled: by whom, why, and what it would have said. */
export async function override(p: Promotion, guard: string, because: string): Promise<void> {
  const { holder, why } = p.order;
  p.found.overridden = [...(p.found.overridden ?? []), { guard, because }];
  await journal(p, { type: "overridden", guard, because, reason: why ?? "", who: holder.who });
}
