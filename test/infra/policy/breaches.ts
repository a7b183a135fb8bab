/** One change of the service's program that breaks one rule, and what is said of it. */
export type Breach = {
  rule: string;
  /** Part of the resource's type. */
  type: string;
  name: string;
  change: Record<string, unknown>;
  says: string;
  /** Whom it is said of, where that is another. */
  of?: string;
};

const allows = (statement: object) => JSON.stringify({ Statement: [{ Effect: "Allow", ...statement }] });
const ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/t";
const role = (statement: object, says: string): Breach => ({
  rule: "reviewed-wildcards",
  type: "rolePolicy",
  name: "analysis-role",
  change: { policy: allows(statement) },
  says,
});
const principals = (type: string, name: string, change: Record<string, unknown>, says: string): Breach => ({
  rule: "named-principals",
  type,
  name,
  change,
  says,
});
const invoked = (name: string, change: Record<string, unknown>, says: string): Breach => ({
  rule: "invoked-at-the-alias",
  type: "permission",
  name,
  change,
  says,
});
const alarm = (change: Record<string, unknown>, says: string, rule = "alarms-tell"): Breach => ({
  rule,
  type: "metricAlarm",
  name: "canary-errors",
  change,
  says,
});
const data = (rule: string, change: Record<string, unknown>, says: string): Breach => ({
  rule,
  type: "table",
  name: "items",
  change,
  says,
});

export const BREACHES: Breach[] = [
  {
    rule: "named-after-environment",
    type: "topic:",
    name: "alerts",
    change: { name: "sentiment-alerts" },
    says: "its name is sentiment-alerts, not preprod-…",
  },
  {
    rule: "named-once",
    type: "metricAlarm",
    name: "canary-throttles",
    change: { name: "preprod-sentiment-canary-errors" },
    says: "it has the name of canary-errors",
  },
  {
    rule: "tagged",
    type: "queue",
    name: "analysis-dlq",
    change: { tags: { environment: "another" } },
    says: 'its tag "environment" is another',
  },
  role({ Action: "dynamodb:*", Resource: ARN }, "it allows the action dynamodb:*"),
  role({ Action: ["dynamodb:GetItem"], Resource: ["*"] }, "it allows something to *"),
  role({ Action: ["dynamodb:GetItem"], Resource: `${ARN}-*` }, `it allows something to ${ARN}-*`),
  role({ NotAction: "iam:PassRole", Resource: ARN }, "it allows everything but what it names"),
  role({ Action: "dynamodb:GetItem", NotResource: ARN }, "it allows everything but what it names"),
  principals(
    "iam/role:",
    "canary-role",
    { assumeRolePolicy: allows({ Principal: { AWS: "*" }, Action: "sts:AssumeRole" }) },
    "anybody may assume it",
  ),
  principals(
    "topicPolicy",
    "alerts",
    { policy: allows({ Principal: "*", Action: "sns:Publish" }) },
    "its policy lets anybody in",
  ),
  principals(
    "sqs/queue",
    "analysis-dlq",
    { policy: allows({ Principal: { Service: "sns.amazonaws.com" }, Action: "sqs:SendMessage" }) },
    "its policy lets a service in on behalf of any account",
  ),
  invoked(
    "canary-schedule",
    { qualifier: undefined },
    "it lets the function be invoked past the alias that has the traffic",
  ),
  invoked(
    "canary-schedule",
    { sourceArn: undefined },
    "it lets events.amazonaws.com invoke on behalf of any account",
  ),
  invoked("dashboard-url", { functionUrlAuthType: undefined }, "it lets anybody invoke the function"),
  data("data-kept", { deletionProtectionEnabled: false }, "deletionProtectionEnabled is not true"),
  data("data-kept", { pointInTimeRecovery: undefined }, "pointInTimeRecovery.enabled is not true"),
  data("data-kept", { ttl: { enabled: false } }, "ttl.enabled is not true"),
  data("data-encrypted", { serverSideEncryption: undefined }, "serverSideEncryption.enabled is not true"),
  {
    rule: "data-encrypted",
    type: "queue",
    name: "analysis-dlq",
    change: { sqsManagedSseEnabled: undefined },
    says: "it has neither sqsManagedSseEnabled nor a key",
  },
  {
    rule: "logs-end",
    type: "logGroup",
    name: "ingestion-logs",
    change: { retentionInDays: 0 },
    says: "it keeps its logs for ever",
  },
  {
    rule: "functions-publish",
    type: "function:",
    name: "analysis",
    change: { publish: false },
    says: "publish is not true: there is no version to give traffic to",
  },
  {
    rule: "functions-publish",
    type: "function:",
    name: "analysis",
    change: { sourceCodeHash: undefined },
    says: "it has no sourceCodeHash: a change of its code goes unseen",
  },
  {
    rule: "functions-log",
    type: "logGroup",
    name: "dashboard-logs",
    change: { name: "/aws/lambda/preprod-another" },
    says: "there is no log group /aws/lambda/preprod-sentiment-dashboard",
    of: "dashboard",
  },
  {
    rule: "failures-kept",
    type: "topicSubscription",
    name: "analysis-notifications",
    change: { redrivePolicy: undefined },
    says: "it has no redrivePolicy",
  },
  alarm({ alarmActions: [] }, "it has no alarmActions"),
  alarm({ okActions: undefined }, "it has no okActions"),
  alarm({ actionsEnabled: false }, "its actions are switched off"),
  alarm(
    { alarmDescription: "Look." },
    "its description has 5 characters, not 80 to 1024 that say what to do",
  ),
  alarm({ treatMissingData: undefined }, "it has no treatMissingData", "silence-is-decided"),
];
