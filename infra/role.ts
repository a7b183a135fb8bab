import aws from "@pulumi/aws";
import pulumi from "@pulumi/pulumi";
import type { Grant } from "./function-spec.ts";

/** The role of one function: its own log streams, and nothing else but what is granted, within the boundary. */
export function functionRole(
  name: string,
  options: {
    functionName: string;
    logGroup: aws.cloudwatch.LogGroup;
    grants: Grant[];
    /** ARN of the policy that it cannot exceed; the deployer may make no role without it. */
    boundary: pulumi.Input<string>;
    parent: pulumi.Resource;
  },
): { role: aws.iam.Role; policy: aws.iam.RolePolicy } {
  const { parent } = options;
  const role = new aws.iam.Role(
    name,
    {
      name: `${options.functionName}-role`,
      permissionsBoundary: options.boundary,
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
        ],
      }),
    },
    { parent },
  );
  const logging: Grant = {
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    resources: [pulumi.interpolate`${options.logGroup.arn}:*`],
  };
  const policy = new aws.iam.RolePolicy(
    name,
    {
      name: "function",
      role: role.name,
      policy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [logging, ...options.grants].map(({ actions, resources }) => ({
          Effect: "Allow",
          Action: actions,
          Resource: resources,
        })),
      }),
    },
    { parent },
  );
  return { role, policy };
}
