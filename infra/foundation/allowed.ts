import { boundaryArn } from "./function-roles.ts";
import type { Known } from "./principal.ts";
import type { FoundationSettings } from "./settings.ts";
import { allow, type Statement, where } from "./statement.ts";

const ROLE_ACTIONS = [
  "iam:DeleteRole",
  "iam:GetRole",
  "iam:UpdateRole",
  "iam:TagRole",
  "iam:UntagRole",
  "iam:GetRolePolicy",
  "iam:DeleteRolePolicy",
  "iam:ListRolePolicies",
  "iam:ListAttachedRolePolicies",
  "iam:ListInstanceProfilesForRole",
];

/** A cost monitor's ARN is a random id: an environment's own is known by its tag. */
const COST_MONITORS = {
  made: ["ce:CreateAnomalyMonitor", "ce:CreateAnomalySubscription", "ce:TagResource"],
  changed: [
    "ce:UpdateAnomalyMonitor",
    "ce:UpdateAnomalySubscription",
    "ce:DeleteAnomalyMonitor",
    "ce:DeleteAnomalySubscription",
    "ce:TagResource",
    "ce:UntagResource",
  ],
};

/**
 * What AWS does not let one limit to names: reading, and ending a subscription, whose ARN ends in a random id that only
 * those can read who may list its topic.
 */
const ANY_NAME = [
  "ce:GetAnomalyMonitors",
  "ce:GetAnomalySubscriptions",
  "ce:ListTagsForResource",
  "cloudwatch:DescribeAlarms",
  "cloudwatch:GetMetricData",
  "cloudwatch:GetMetricStatistics",
  "lambda:GetAccountSettings",
  "logs:DescribeLogGroups",
  "sns:GetSubscriptionAttributes",
  "sns:Unsubscribe",
  "sts:GetCallerIdentity",
];

/** What the deployer may do: all it needs to run a promotion, on the names of its own environment. */
export function allowed<R extends {}>(
  settings: FoundationSettings,
  { account, keys }: Known<R>,
  own: string,
): Statement<R | string>[] {
  const { environment: env } = settings;
  const buckets = [settings.stateBucket, settings.packagesBucket].map((bucket) => `arn:aws:s3:::${bucket}`);
  const role = `arn:aws:iam::*:role/${env}-*`;
  return [
    allow("Tables", "dynamodb:*", `arn:aws:dynamodb:*:*:table/${env}-*`),
    allow("Functions", "lambda:*", `arn:aws:lambda:*:*:function:${env}-*`),
    allow("Buckets", "s3:*", ...buckets, ...buckets.map((bucket) => `${bucket}/*`)),
    allow("Topics", "sns:*", `arn:aws:sns:*:*:${env}-*`),
    allow("Queues", "sqs:*", `arn:aws:sqs:*:*:${env}-*`),
    allow("Rules", "events:*", `arn:aws:events:*:*:rule/${env}-*`),
    allow("Logs", "logs:*", `arn:aws:logs:*:*:log-group:/aws/lambda/${env}-*`),
    allow(
      "Alarms",
      "cloudwatch:*",
      `arn:aws:cloudwatch:*:*:alarm:${env}-*`,
      `arn:aws:cloudwatch::*:dashboard/${env}-*`,
    ),
    allow(
      "HealthKey",
      ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
      `arn:aws:secretsmanager:*:*:secret:${settings.secrets.dashboardApiKey}-*`,
    ),
    // The doctor sees whether it is set; what it is, it cannot read.
    allow(
      "NewsKeyIsSet",
      "secretsmanager:DescribeSecret",
      `arn:aws:secretsmanager:*:*:secret:${settings.secrets.newsApiKey}-*`,
    ),
    allow("Roles", ROLE_ACTIONS, role),
    where(
      { StringEquals: { "iam:PermissionsBoundary": boundaryArn(settings, account) } },
      allow("BoundedRoles", ["iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"], role),
    ),
    where(
      { StringEquals: { "iam:PassedToService": "lambda.amazonaws.com" } },
      allow("PassRoles", "iam:PassRole", role),
    ),
    // A dry run asks what the deployer may do; it can ask about nobody else.
    allow("OwnPermissions", "iam:SimulatePrincipalPolicy", own),
    allow("StackSecrets", ["kms:DescribeKey", "kms:Encrypt", "kms:Decrypt"], keys.secrets),
    allow("Attestations", ["kms:DescribeKey", "kms:GetPublicKey", "kms:Sign", "kms:Verify"], keys.signing),
    where(
      { StringEquals: { "aws:RequestTag/environment": env } },
      allow("CostMonitorsMade", COST_MONITORS.made, "*"),
    ),
    where(
      { StringEquals: { "aws:ResourceTag/environment": env } },
      allow("CostMonitorsChanged", COST_MONITORS.changed, "*"),
    ),
    allow("AnyName", ANY_NAME, "*"),
  ];
}
