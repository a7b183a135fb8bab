import aws from "@pulumi/aws";
import pulumi from "@pulumi/pulumi";

/** One statement of a role's policy: what may be done to what. */
export type Grant = { actions: string[]; resources: pulumi.Input<string>[] };

/** The role of one function: its own log streams, and nothing else but what is granted. */
export function functionRole(
  name: string,
  options: {
    functionName: string;
    logGroup: aws.cloudwatch.LogGroup;
    grants: Grant[];
    parent: pulumi.Resource;
  },
): { role: aws.iam.Role; policy: aws.iam.RolePolicy } {
  const { parent } = options;
  const role = new aws.iam.Role(
    name,
    {
      name: `${options.functionName}-role`,
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
