import { conditionsHold } from "./conditions.ts";
import type { Context, Deed, PolicyDocument, Principal, Statement, Verdict } from "./policy.ts";
import { matches } from "./wildcards.ts";

/**
 * What IAM decides, within one account: an explicit Deny anywhere wins; else one of the principal's own policies must
 * allow it, and his permissions boundary as well.
 */
export function evaluate(
  principal: Pick<Principal, "arn" | "policies" | "boundary">,
  { action, resource, context = {} }: Deed,
): Verdict {
  const request: Deed & { context: Context } = {
    action,
    resource,
    context: { "aws:principalarn": principal.arn, "aws:securetransport": "true", ...context },
  };
  const own = principal.policies.flatMap(({ Statement }) => Statement);
  const boundary = principal.boundary?.Statement;
  const name = action.toLowerCase();
  const applies = (effect: Statement["Effect"], statements: Statement[]) =>
    statements.some((each) => each.Effect === effect && permits(each, name) && concerns(each, request));
  if (applies("Deny", [...own, ...(boundary ?? [])])) return "forbidden";
  if (!applies("Allow", own)) return "denied";
  return boundary && !applies("Allow", boundary) ? "denied" : "allowed";
}

/** The names of actions are the same in any case, unlike those of resources. */
const permits = ({ Action }: Statement, action: string): boolean =>
  typeof Action === "string"
    ? matches(Action.toLowerCase(), action)
    : Action.some((each) => matches(each.toLowerCase(), action));

const concerns = (statement: Statement, { resource, context }: Deed): boolean =>
  named(statement.Resource).some((each) => matches(each, resource)) &&
  conditionsHold(statement.Condition, context ?? {});

const named = (given: string | string[] | undefined): string[] => [given ?? []].flat();

/** Who asks to become a role: by `AWS`, `Service` or `Federated`, as a trust policy names him. */
export type Caller = { by: "AWS" | "Service" | "Federated"; name: string; action: string; context?: Context };

/** Whether a role's trust policy lets a caller become it. */
export function trusts(
  trust: PolicyDocument | undefined,
  { by, name, action, context = {} }: Caller,
): Verdict {
  const about = (trust?.Statement ?? []).filter(
    (statement) =>
      (statement.Principal === "*" ||
        named(statement.Principal?.[by]).some((each) => each === "*" || stands(each, name))) &&
      permits(statement, action.toLowerCase()) &&
      conditionsHold(statement.Condition, context),
  );
  if (about.some(({ Effect }) => Effect === "Deny")) return "forbidden";
  return about.length > 0 ? "allowed" : "denied";
}

/** An account's root, or its bare number, stands for everybody in it whose own policies let him. */
function stands(named: string, name: string): boolean {
  if (named === name) return true;
  const account = /^(?:arn:aws:iam::)?(\d{12})(?::root)?$/.exec(named)?.[1];
  return account !== undefined && name.split(":")[4] === account;
}
