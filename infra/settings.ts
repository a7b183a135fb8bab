import pulumi from "@pulumi/pulumi";

/** What the configuration of a stack says about its environment. */
export type Settings = {
  environment: string;
  alertEmail: string;
  newsApiUrl: string;
  newsQuery: string;
  ingestionSchedule: string;
  itemRetentionDays: number;
  logRetentionDays: number;
  packagesBucket: string;
  /** The external secrets, by name: their values never pass through here. */
  secrets: { newsApiKey: string; dashboardApiKey: string };
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
    ingestionSchedule: config.require("ingestionSchedule"),
    itemRetentionDays: config.requireNumber("itemRetentionDays"),
    logRetentionDays: config.requireNumber("logRetentionDays"),
    packagesBucket: promotion.packages,
    secrets: { newsApiKey: `${environment}-newsapi-key`, dashboardApiKey: promotion.healthKeySecret },
  };
}

/** The name of a resource of the service in an environment. */
export function serviceName(environment: string, suffix: string): string {
  return `${environment}-sentiment-${suffix}`;
}
