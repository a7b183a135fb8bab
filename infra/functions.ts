import type aws from "@pulumi/aws";
import pulumi from "@pulumi/pulumi";
import type { Grant } from "./role.ts";
import type { Settings } from "./settings.ts";

/** What the functions of an environment share. */
export type Shared = {
  settings: Settings;
  table: aws.dynamodb.Table;
  notifications: aws.sns.Topic;
  deadLetters: aws.sqs.Queue;
};

/** One function of the service, as data: the next function is one more entry. */
export type FunctionSpec = {
  name: string;
  description: string;
  memoryMb: number;
  timeoutSeconds: number;
  /** Invoked by events: what fails for good goes to the dead letters. */
  asynchronous?: boolean;
  /** Runs on this schedule. */
  schedule?: (settings: Settings) => string;
  /** Reached from outside by a function URL. */
  url?: boolean;
  environment: (shared: Shared) => Record<string, pulumi.Input<string>>;
  grants: (shared: Shared) => Grant[];
};

export const functions: FunctionSpec[] = [
  {
    name: "ingestion",
    description: "Takes new articles from the news service into the items table.",
    memoryMb: 256,
    timeoutSeconds: 60,
    asynchronous: true,
    schedule: ({ ingestionSchedule }) => ingestionSchedule,
    environment: ({ settings, table, notifications }) => ({
      ITEMS_TABLE: table.name,
      ITEM_RETENTION_DAYS: String(settings.itemRetentionDays),
      NEWS_API_KEY_SECRET: settings.secrets.newsApiKey,
      NEWS_API_URL: settings.newsApiUrl,
      NEWS_QUERY: settings.newsQuery,
      NOTIFICATIONS_TOPIC: notifications.arn,
    }),
    grants: (shared) => [
      { actions: ["dynamodb:PutItem"], resources: [shared.table.arn] },
      { actions: ["sns:Publish"], resources: [shared.notifications.arn] },
      readSecret(shared, shared.settings.secrets.newsApiKey),
    ],
  },
  {
    name: "dashboard",
    description: "Answers /health and lists the items.",
    memoryMb: 256,
    timeoutSeconds: 10,
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
];

// A secret's ARN ends in a dash and six characters that only Secrets Manager knows. Region and account are the table's.
function readSecret({ table }: Shared, name: string): Grant {
  const arn = table.arn.apply((tableArn) => {
    const [, partition, , region, account] = tableArn.split(":");
    return `arn:${partition}:secretsmanager:${region}:${account}:secret:${name}-??????`;
  });
  return { actions: ["secretsmanager:GetSecretValue"], resources: [arn] };
}
