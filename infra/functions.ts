import pulumi from "@pulumi/pulumi";
import { LIVE } from "./function.ts";
import type { FunctionSpec } from "./function-spec.ts";
import type { Grant } from "./role.ts";
import { type Settings, serviceName } from "./settings.ts";
import { arnOf, type Shared } from "./shared.ts";

export const functions: FunctionSpec[] = [
  {
    name: "ingestion",
    description: "Takes new articles from the news service into the items table and announces them.",
    memoryMb: 256,
    timeoutSeconds: 120,
    retries: 2,
    schedule: ({ ingestionSchedule }) => ({ expression: ingestionSchedule, enabled: true }),
    environment: ({ settings, table, notifications }) => ({
      ITEMS_TABLE: table.name,
      ITEM_RETENTION_DAYS: String(settings.itemRetentionDays),
      NEWS_API_KEY_SECRET: settings.secrets.newsApiKey,
      NEWS_API_URL: settings.newsApiUrl,
      NEWS_PAGES: String(settings.newsPages),
      NEWS_QUERY: settings.newsQuery,
      NOTIFICATIONS_TOPIC: notifications.arn,
    }),
    grants: (shared) => [
      { actions: ["dynamodb:PutItem", "dynamodb:UpdateItem"], resources: [shared.table.arn] },
      { actions: ["sns:Publish"], resources: [shared.notifications.arn] },
      readSecret(shared, shared.settings.secrets.newsApiKey),
    ],
  },
  {
    name: "analysis",
    description: "Scores how an announced item feels.",
    memoryMb: 256,
    timeoutSeconds: 15,
    retries: 2,
    notified: true,
    environment: ({ table }) => ({ ITEMS_TABLE: table.name }),
    grants: ({ table }) => [{ actions: ["dynamodb:GetItem", "dynamodb:UpdateItem"], resources: [table.arn] }],
  },
  {
    name: "dashboard",
    description: "Answers /health, lists and sums up the items, and shows the page.",
    memoryMb: 256,
    timeoutSeconds: 10,
    retries: 0,
    url: true,
    environment: ({ settings, table }) => ({
      API_KEY_SECRET: settings.secrets.dashboardApiKey,
      ITEMS_TABLE: table.name,
    }),
    grants: (shared) => [
      { actions: ["dynamodb:Query"], resources: [pulumi.interpolate`${shared.table.arn}/index/*`] },
      readSecret(shared, shared.settings.secrets.dashboardApiKey),
    ],
  },
  {
    name: "canary",
    description:
      "Asks the dashboard for its health as anybody would, and tells the alerts topic when it is not well.",
    memoryMb: 128,
    timeoutSeconds: 60,
    // A canary that failed has told so: trying again would tell it twice.
    retries: 0,
    schedule: ({ canarySchedule, canaryEnabled }) => ({ expression: canarySchedule, enabled: canaryEnabled }),
    environment: ({ settings, alerts }) => ({
      ALERTS_TOPIC: alerts.arn,
      API_KEY_SECRET: settings.secrets.dashboardApiKey,
      DASHBOARD_ALIAS: LIVE,
      DASHBOARD_FUNCTION: dashboardName(settings),
    }),
    grants: (shared) => [
      { actions: ["sns:Publish"], resources: [shared.alerts.arn] },
      { actions: ["lambda:GetAlias", "lambda:GetFunctionUrlConfig"], resources: dashboardArns(shared) },
      readSecret(shared, shared.settings.secrets.dashboardApiKey),
    ],
  },
];

const dashboardName = ({ environment }: Settings) => serviceName(environment, "dashboard");

// Which of the two a request about an alias is held against differs from one action to the other.
function dashboardArns(shared: Shared): pulumi.Output<string>[] {
  const name = `function:${dashboardName(shared.settings)}`;
  return [name, `${name}:${LIVE}`].map((resource) => arnOf("lambda", resource, shared));
}

// A secret's ARN ends in a dash and six characters that only Secrets Manager knows.
function readSecret(shared: Shared, name: string): Grant {
  return {
    actions: ["secretsmanager:GetSecretValue"],
    resources: [arnOf("secretsmanager", `secret:${name}-??????`, shared)],
  };
}
