/** A kind of resource that the deployer acts on. */
export type Kind =
  | "ledger"
  | "tables"
  | "functions"
  | "buckets"
  | "releases"
  | "state"
  | "topics"
  | "notices"
  | "queues"
  | "rules"
  | "logs"
  | "alarms"
  | "dashboards"
  | "healthKey"
  | "newsKey"
  | "roles"
  | "boundedRoles"
  | "secretsKey"
  | "signingKey"
  | "costsMade"
  | "costsChanged"
  | "anyName";

type Allowed = { action: string; because: string }[];

const because = (reason: string, ...actions: string[]): Allowed =>
  actions.map((action) => ({ action, because: reason }));

const TAKEN_AWAY =
  "a later release may do without it, and says so by --allow-destructive where it holds data";
const LOOKED_AT = "the doctor looks at it";
const BROKEN_ON_PURPOSE =
  "with INTEGRATION_FAILURES=1 the integration tests leave letters with the dead letters, and take them away";
const OLDER = "roles that were made before there was a boundary get it by this";

/** What the deployer is allowed although no call of it was recorded, each with its reason. */
export const BEYOND: Partial<Record<Kind, Allowed>> = {
  tables: because(TAKEN_AWAY, "dynamodb:DeleteTable"),
  topics: because(TAKEN_AWAY, "sns:DeleteTopic"),
  queues: [
    ...because(TAKEN_AWAY, "sqs:DeleteQueue"),
    ...because(BROKEN_ON_PURPOSE, "sqs:DeleteMessage", "sqs:ReceiveMessage", "sqs:SendMessage"),
  ],
  logs: because(TAKEN_AWAY, "logs:DeleteLogGroup"),
  dashboards: because(TAKEN_AWAY, "cloudwatch:DeleteDashboards"),
  costsChanged: because(
    TAKEN_AWAY,
    "ce:DeleteAnomalyMonitor",
    "ce:DeleteAnomalySubscription",
    "ce:UpdateAnomalyMonitor",
  ),
  boundedRoles: because(OLDER, "iam:PutRolePermissionsBoundary"),
  releases: because("a clean-up removes old releases, of which the tour makes too few", "s3:DeleteObject"),
  anyName: [
    ...because(
      "it counts by the minute what each version did; the tour is quicker",
      "cloudwatch:GetMetricData",
    ),
    ...because(LOOKED_AT, "lambda:GetAccountSettings"),
    ...because(
      "AWS lets everybody ask who he is; a boundary around the account may not",
      "sts:GetCallerIdentity",
    ),
  ],
};
