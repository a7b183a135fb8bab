import type { Context, Statement } from "./policy.ts";
import { matches } from "./wildcards.ts";

type Test = (actual: string, wanted: string) => boolean;

const same: Test = (actual, wanted) => actual === wanted;
const sameInAnyCase: Test = (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase();
const like: Test = (actual, wanted) => matches(wanted, actual);

/** The operators that the policies use, and their opposites. Any other is refused: a guess would be a hole. */
const OPERATORS: Record<string, { test: Test; negated?: true }> = {
  StringEquals: { test: same },
  StringNotEquals: { test: same, negated: true },
  StringEqualsIgnoreCase: { test: sameInAnyCase },
  StringLike: { test: like },
  StringNotLike: { test: like, negated: true },
  ArnEquals: { test: like },
  ArnLike: { test: like },
  ArnNotEquals: { test: like, negated: true },
  ArnNotLike: { test: like, negated: true },
  Bool: { test: sameInAnyCase },
};

/** Whether all that a statement asks of a request holds. Throws on an operator that is not known here. */
export function conditionsHold(condition: Statement["Condition"], context: Context): boolean {
  return Object.entries(condition ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) =>
      holds(operator, context[key.toLowerCase()], [wanted].flat().map(String), context),
    ),
  );
}

function holds(
  operator: string,
  actual: string | string[] | undefined,
  wanted: string[],
  context: Context,
): boolean {
  const [, set, name = "", ifExists] =
    /^(?:(ForAnyValue|ForAllValues):)?(.*?)(IfExists)?$/.exec(operator) ?? [];
  if (name === "Null") return wanted.includes(String(actual === undefined));
  const known = OPERATORS[name];
  if (!known) throw new Error(`a policy has the condition ${operator}, which is not evaluated here`);
  const { test, negated = false } = known;
  // Without the key a negated condition holds, as on AWS; so does one over all values of none.
  if (actual === undefined) return ifExists !== undefined || set === "ForAllValues" || (negated && !set);
  const values = [actual].flat();
  const one = (value: string) => wanted.some((each) => test(value, filled(each, context))) !== negated;
  return set === "ForAllValues" ? values.every(one) : values.some(one);
}

/** Puts the request's own values in the place of `${aws:...}`. What the request does not have matches nothing. */
function filled(wanted: string, context: Context): string {
  return wanted.replaceAll(/\$\{([^}]+)\}/g, (_, key: string) => {
    const value = context[key.toLowerCase()];
    return typeof value === "string" ? value : "\0";
  });
}
