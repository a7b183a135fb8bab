import { allowing, type Judged, type Rule, type Statement, UNKNOWN, valueAt } from "./judged.ts";

const POLICIES_OF_IDENTITIES = /^aws:iam\/(rolePolicy|policy|userPolicy|groupPolicy):/;
const POLICIES_OF_RESOURCES = /^aws:(sns\/topic|sqs\/queue|s3\/bucket|secretsmanager\/secret|kms\/key)/;

/**
 * The wildcards that were looked at, each as the end of an ARN whose rest is whole: log streams of one group, indexes of
 * one table, the six characters that only Secrets Manager knows.
 */
const REVIEWED_ENDS = /(:\*|\/index\/\*|-\?{6})$/;

export const reviewedWildcards: Rule = {
  name: "reviewed-wildcards",
  asks: "A role may do named actions to named resources; wildcards are those of the reviewed list.",
  broken(resource) {
    if (!POLICIES_OF_IDENTITIES.test(resource.type)) return undefined;
    for (const statement of allowing(resource.inputs.policy)) {
      if (statement.NotAction !== undefined || statement.NotResource !== undefined)
        return "it allows everything but what it names";
      const action = [statement.Action ?? []].flat().find((each) => /[*?]/.test(each));
      if (action !== undefined) return `it allows the action ${action}`;
      const target = [statement.Resource ?? []].flat().find(isOpen);
      if (target !== undefined) return `it allows something to ${target}`;
    }
    return undefined;
  },
};

const isOpen = (arn: string) =>
  arn !== UNKNOWN && !/^arn:aws[\w-]*:[^*?]+$/.test(arn.replace(REVIEWED_ENDS, ""));

export const namedPrincipals: Rule = {
  name: "named-principals",
  asks: "Who may assume a role, or use a resource, is named; a service only on behalf of a named source.",
  broken(resource) {
    if (resource.type === "aws:iam/role:Role") {
      const open = allowing(resource.inputs.assumeRolePolicy).some(isAnybody);
      return open ? "anybody may assume it" : undefined;
    }
    if (!POLICIES_OF_RESOURCES.test(resource.type)) return undefined;
    const statements = allowing(resource.inputs.policy);
    if (statements.some(isAnybody)) return "its policy lets anybody in";
    const unbound = statements.some(
      ({ Principal, Condition }) => Condition === undefined && Object.hasOwn(Object(Principal), "Service"),
    );
    return unbound ? "its policy lets a service in on behalf of any account" : undefined;
  },
};

const isAnybody = ({ Principal }: Statement) =>
  [Principal, (Principal as { AWS?: unknown } | undefined)?.AWS].flat().includes("*");

export const invokedAtTheAlias: Rule = {
  name: "invoked-at-the-alias",
  asks: "A function is invoked at its alias, by a named source; by anybody only through its URL.",
  broken(resource) {
    if (resource.type !== "aws:lambda/permission:Permission") return undefined;
    const { principal, qualifier, sourceArn, sourceAccount } = resource.inputs;
    if (!qualifier) return "it lets the function be invoked past the alias that has the traffic";
    if (principal === "*") return throughUrl(resource) ? undefined : "it lets anybody invoke the function";
    return sourceArn || sourceAccount || principal === UNKNOWN
      ? undefined
      : `it lets ${principal} invoke on behalf of any account`;
  },
};

const throughUrl = (permission: Judged) =>
  valueAt(permission, "functionUrlAuthType") !== undefined ||
  valueAt(permission, "invokedViaFunctionUrl") === true;
