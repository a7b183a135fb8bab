import { type Judged, violations } from "../../infra/policy/rules.ts";
import type { Change, Plan } from "../ports/engine.ts";

/** The rules of the stack that a plan would break, each with the resource and what is wrong. */
export const brokenRules = ({ changes }: Pick<Plan, "changes">, environment: string): string[] =>
  violations({ environment, resources: changes.flatMap(judged) });

/** What the plan would have there, as the rules look at it. A component asks AWS for nothing. */
function judged({ urn, type, inputs, protect }: Change): Judged[] {
  if (inputs === undefined || !type.startsWith("aws:")) return [];
  return [{ type, name: urn.split("::").at(-1) ?? urn, inputs, protect }];
}
