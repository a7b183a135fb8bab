import aws from "@pulumi/aws";
import pulumi from "@pulumi/pulumi";
import { policies } from "./policies.ts";
import type { Boundary, Principal } from "./principal.ts";
import type { Statement } from "./statement.ts";

/**
 * Makes a principal: a user or a role, with managed policies, because all inline policies of a user together may have 2,048
 * characters. A user's access key is made by the caller: made here, it would be in the state.
 */
export function identity(principal: Principal<pulumi.Input<string>>, environment: string): void {
  const { part, name, kind } = principal;
  const assumeRolePolicy = JSON.stringify(document(principal.trust ?? []));
  const made =
    kind === "user" ? new aws.iam.User(part, { name }) : new aws.iam.Role(part, { name, assumeRolePolicy });
  for (const { suffix, statements } of policies(principal)) {
    const own = `${part}-${suffix}`;
    const { arn } = new aws.iam.Policy(own, {
      name: `${environment}-${own}`,
      policy: pulumi.jsonStringify(document(statements)),
    });
    if (kind === "user") new aws.iam.UserPolicyAttachment(own, { user: made.name, policyArn: arn });
    else new aws.iam.RolePolicyAttachment(own, { role: made.name, policyArn: arn });
  }
}

/** Makes the ceiling of the functions' roles. */
export function ceiling({ name, allow }: Boundary): void {
  new aws.iam.Policy("function-boundary", { name, policy: JSON.stringify(document<Statement>(allow)) });
}

const document = <S>(Statement: S[]) => ({ Version: "2012-10-17", Statement });
