import type { FunctionSpec, Grant, Reach } from "./function-spec.ts";
import { LIVE, serviceName } from "./names.ts";

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
    grants: (reach) => [
      { actions: ["dynamodb:PutItem", "dynamodb:UpdateItem"], resources: [items(reach)] },
      { actions: ["sns:Publish"], resources: [topic(reach, "analysis-notifications")] },
      readSecret(reach, reach.secrets.newsApiKey),
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
    grants: (reach) => [{ actions: ["dynamodb:GetItem", "dynamodb:UpdateItem"], resources: [items(reach)] }],
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
    grants: (reach) => [
      { actions: ["dynamodb:Query"], resources: [items(reach, "/index/*")] },
      readSecret(reach, reach.secrets.dashboardApiKey),
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
      DASHBOARD_FUNCTION: serviceName(settings.environment, "dashboard"),
    }),
    grants: (reach) => [
      { actions: ["sns:Publish"], resources: [topic(reach, "alerts")] },
      { actions: ["lambda:GetAlias", "lambda:GetFunctionUrlConfig"], resources: dashboard(reach) },
      readSecret(reach, reach.secrets.dashboardApiKey),
    ],
  },
];

const items = ({ environment, arn }: Reach, part = "") =>
  arn("dynamodb", `table/${serviceName(environment, "items")}${part}`);

const topic = ({ environment, arn }: Reach, suffix: string) => arn("sns", serviceName(environment, suffix));

// Which of the two a request about an alias is held against differs from one action to the other.
function dashboard({ environment, arn }: Reach) {
  const name = `function:${serviceName(environment, "dashboard")}`;
  return [name, `${name}:${LIVE}`].map((resource) => arn("lambda", resource));
}

// A secret's ARN ends in a dash and six characters that only Secrets Manager knows.
function readSecret({ arn }: Reach, name: string): Grant {
  return {
    actions: ["secretsmanager:GetSecretValue"],
    resources: [arn("secretsmanager", `secret:${name}-??????`)],
  };
}
