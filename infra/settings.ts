import pulumi from "@pulumi/pulumi";

/** What the configuration of a stack says about its environment. */
export type Settings = {
  environment: string;
  alertEmail: string;
  newsApiUrl: string;
  newsQuery: string;
  /** Pages of 100 articles that one ingestion reads; each is one request of the key's daily quota. */
  newsPages: number;
  ingestionSchedule: string;
  canarySchedule: string;
  /** Whether the canary's rule runs. The canary itself is there in every environment, to be tried. */
  canaryEnabled: boolean;
  itemRetentionDays: number;
  logRetentionDays: number;
  /** US dollars a day above what is usual. */
  costAnomalyDollars: number;
  /** How many executions of a function may run at once, by function; -1 reserves none. */
  reservedConcurrency: Record<string, number>;
  packagesBucket: string;
  /** The external secrets, by name: their values never pass through here. */
  secrets: { newsApiKey: string; dashboardApiKey: string };
  /** On everything that costs money: the cost monitor knows the environment by them. */
  tags: { environment: string; service: string };
};

/** Reads the settings of the stack that is running; Pulumi names the key that is missing. */
export function readSettings(): Settings {
  const config = new pulumi.Config();
  const environment = pulumi.getStack();
  const promotion = config.requireObject<{ packages: string; healthKeySecret: string }>("promotion");
  return {
    environment,
    alertEmail: config.require("alertEmail"),
    newsApiUrl: config.require("newsApiUrl"),
    newsQuery: config.require("newsQuery"),
    newsPages: config.requireNumber("newsPages"),
    ingestionSchedule: config.require("ingestionSchedule"),
    canarySchedule: config.require("canarySchedule"),
    canaryEnabled: config.requireBoolean("canaryEnabled"),
    itemRetentionDays: config.requireNumber("itemRetentionDays"),
    logRetentionDays: config.requireNumber("logRetentionDays"),
    costAnomalyDollars: config.requireNumber("costAnomalyDollars"),
    reservedConcurrency: config.requireObject<Record<string, number>>("reservedConcurrency"),
    packagesBucket: promotion.packages,
    secrets: { newsApiKey: `${environment}-newsapi-key`, dashboardApiKey: promotion.healthKeySecret },
    tags: { environment, service: "sentiment" },
  };
}
