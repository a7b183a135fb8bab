import aws from "@pulumi/aws";
import pulumi from "@pulumi/pulumi";
import { allowed } from "./allowed.ts";
import { denied } from "./denied.ts";
import type { FoundationSettings } from "./settings.ts";
import type { Statement } from "./statement.ts";

/**
 * The user that runs promotions. Its access key is made by the caller: made here, it would be in the state. Managed
 * policies, because all inline policies of a user together may have 2,048 characters.
 */
export function deployer(
  settings: FoundationSettings,
  keys: { secrets: pulumi.Input<string>; signing: pulumi.Input<string> },
): aws.iam.User {
  const user = new aws.iam.User("deployer", {
    name: `${settings.project}-${settings.environment}-deployer`,
  });
  attach(user, "deployer-allowed", `${settings.environment}-deployer-allowed`, allowed(settings, keys));
  attach(user, "deployer-denied", `${settings.environment}-deployer-denied`, denied(settings));
  return user;
}

function attach(user: aws.iam.User, name: string, policyName: string, statements: Statement[]): void {
  const policy = new aws.iam.Policy(name, {
    name: policyName,
    policy: pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements }),
  });
  new aws.iam.UserPolicyAttachment(name, { user: user.name, policyArn: policy.arn });
}
