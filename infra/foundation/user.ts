import aws from "@pulumi/aws";
import pulumi from "@pulumi/pulumi";
import type { Statement } from "./statement.ts";

/**
 * A user with managed policies, because all inline policies of a user together may have 2,048 characters. Its access key is
 * made by the caller: made here, it would be in the state.
 */
export function user(
  name: string,
  userName: string,
  policies: Record<string, [string, Statement[]]>,
): aws.iam.User {
  const made = new aws.iam.User(name, { name: userName });
  for (const [policyName, [awsName, statements]] of Object.entries(policies)) {
    const policy = new aws.iam.Policy(policyName, {
      name: awsName,
      policy: pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements }),
    });
    new aws.iam.UserPolicyAttachment(policyName, { user: made.name, policyArn: policy.arn });
  }
  return made;
}
