import { type ContextEntry, IAMClient, SimulatePrincipalPolicyCommand } from "@aws-sdk/client-iam";
import type { Context, Deed, Principal, Verdict } from "../isolation/policy.ts";
import { type AwsAccess, clientSettings } from "./aws-access.ts";

const DECISIONS: Record<string, Verdict> = {
  allowed: "allowed",
  explicitDeny: "forbidden",
  implicitDeny: "denied",
};

/**
 * IAM's own answer to each deed, in their order: with the principal's boundary, and with what each request would carry. It
 * needs `iam:SimulatePrincipalPolicy` on the principal. Deeds on one resource are asked together.
 */
export function iamSimulation(access: AwsAccess) {
  const iam = new IAMClient({ ...clientSettings(access), retryMode: "adaptive" });
  return async ({ arn }: Pick<Principal, "arn">, deeds: Deed[]): Promise<Verdict[]> => {
    const together = Map.groupBy(deeds, ({ resource, context }) => JSON.stringify([resource, context ?? {}]));
    const answers = new Map<Deed, Verdict>();
    for (const group of together.values()) {
      const [{ resource, context = {} } = { resource: "*" }] = group;
      const { EvaluationResults = [] } = await iam.send(
        new SimulatePrincipalPolicyCommand({
          PolicySourceArn: arn,
          ActionNames: [...new Set(group.map(({ action }) => action))],
          ResourceArns: [resource],
          ContextEntries: entries(context),
        }),
      );
      for (const deed of group) {
        const found = EvaluationResults.find(({ EvalActionName }) => EvalActionName === deed.action);
        const verdict = DECISIONS[found?.EvalDecision ?? ""];
        if (!verdict) throw new Error(`IAM's simulation says nothing of ${deed.action} on ${resource}`);
        answers.set(deed, verdict);
      }
    }
    return deeds.map((deed) => answers.get(deed) as Verdict);
  };
}

const entries = (context: Context): ContextEntry[] =>
  Object.entries(context).map(([ContextKeyName, value]) => ({
    ContextKeyName,
    ContextKeyType: Array.isArray(value) ? "stringList" : "string",
    ContextKeyValues: [value].flat(),
  }));
