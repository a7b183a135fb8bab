import { boundaryArn } from "./function-roles.ts";
import type { Known } from "./principal.ts";
import type { FoundationSettings } from "./settings.ts";
import { allow, type Statement, where } from "./statement.ts";

const of = (service: string, ...actions: string[]) => actions.map((action) => `${service}:${action}`);
const TAGS = ["ListTagsForResource", "TagResource", "UntagResource"];

/** Entries of the ledger are added and the lease is renewed; nothing is ever deleted. */
const RECORDS = of(
  "dynamodb",
  "ConditionCheckItem",
  "DescribeTable",
  "GetItem",
  "PutItem",
  "Query",
  "UpdateItem",
);
/** The table of the service, not what is in it. */
const TABLES = of(
  "dynamodb",
  "CreateTable",
  "DeleteTable",
  "Describe*",
  "ListTagsOfResource",
  "TagResource",
  "UntagResource",
  "UpdateContinuousBackups",
  "UpdateTable",
  "UpdateTimeToLive",
);
const FUNCTIONS = of(
  "lambda",
  "AddPermission",
  "CreateAlias",
  "CreateFunction",
  "CreateFunctionUrlConfig",
  "Delete*",
  "Get*",
  "InvokeFunction",
  "InvokeFunctionUrl",
  "List*",
  "PublishVersion",
  "PutFunctionConcurrency",
  "PutFunctionEventInvokeConfig",
  "RemovePermission",
  "TagResource",
  "UntagResource",
  "UpdateAlias",
  "UpdateFunctionCode",
  "UpdateFunctionConfiguration",
  "UpdateFunctionEventInvokeConfig",
  "UpdateFunctionUrlConfig",
);
const TOPICS = of(
  "sns",
  "CreateTopic",
  "DeleteTopic",
  "GetTopicAttributes",
  "ListSubscriptionsByTopic",
  "SetSubscriptionAttributes",
  "SetTopicAttributes",
  "Subscribe",
  ...TAGS,
);
/** The integration tests leave a letter in the dead letters, and listen on a queue of their own. */
const QUEUES = of(
  "sqs",
  "CreateQueue",
  "ChangeMessageVisibility",
  "DeleteMessage",
  "DeleteQueue",
  "GetQueueAttributes",
  "GetQueueUrl",
  "ListQueueTags",
  "ReceiveMessage",
  "SendMessage",
  "SetQueueAttributes",
  "TagQueue",
  "UntagQueue",
);
const RULES = of(
  "events",
  "DeleteRule",
  "DescribeRule",
  "ListTargetsByRule",
  "PutRule",
  "PutTargets",
  "RemoveTargets",
  ...TAGS,
);
/** What a function said before it was taken away stays: the groups are never deleted. */
const LOGS = of("logs", "CreateLogGroup", "DeleteRetentionPolicy", "PutRetentionPolicy", ...TAGS);
const ALARMS = of("cloudwatch", "DeleteAlarms", "PutMetricAlarm", ...TAGS);
const DASHBOARDS = of("cloudwatch", "DeleteDashboards", "GetDashboard", "PutDashboard");

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
  const role = `arn:aws:iam::*:role/${env}-*`;
  const state = `arn:aws:s3:::${settings.stateBucket}`;
  const packages = `arn:aws:s3:::${settings.packagesBucket}`;
  return [
    allow("Ledger", RECORDS, `arn:aws:dynamodb:*:*:table/${settings.ledgerTable}`),
    allow("Tables", TABLES, `arn:aws:dynamodb:*:*:table/${env}-sentiment-*`),
    allow("Functions", FUNCTIONS, `arn:aws:lambda:*:*:function:${env}-*`),
    allow("Buckets", ["s3:GetBucketLocation", "s3:ListBucket"], state, packages),
    allow(
      "Objects",
      ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
      `${state}${settings.stateFolder}/*`,
      `${packages}/*`,
    ),
    allow("Tags", ["s3:GetObjectTagging", "s3:PutObjectTagging"], `${packages}/*`),
    allow("Topics", TOPICS, `arn:aws:sns:*:*:${env}-*`),
    allow("Notices", "sns:Publish", `arn:aws:sns:*:*:${env}-sentiment-alerts`),
    allow("Queues", QUEUES, `arn:aws:sqs:*:*:${env}-*`),
    allow("Rules", RULES, `arn:aws:events:*:*:rule/${env}-*`),
    allow("Logs", LOGS, `arn:aws:logs:*:*:log-group:/aws/lambda/${env}-*`),
    allow("Alarms", ALARMS, `arn:aws:cloudwatch:*:*:alarm:${env}-*`),
    allow("Dashboards", DASHBOARDS, `arn:aws:cloudwatch::*:dashboard/${env}-*`),
    allow(
      "HealthKey",
      ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
      `arn:aws:secretsmanager:*:*:secret:${settings.secrets.dashboardApiKey}-*`,
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
