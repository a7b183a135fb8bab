import aws from "@pulumi/aws";
import type { FoundationSettings } from "./settings.ts";

/** The external secrets, empty: a value given here would be in the state, and in whatever reads it. */
export function secrets({ secrets, recoveryWindowInDays }: FoundationSettings): void {
  new aws.secretsmanager.Secret("newsapi-key", {
    name: secrets.newsApiKey,
    description: 'The key of the news service, as {"api_key": "..."}.',
    recoveryWindowInDays,
  });
  new aws.secretsmanager.Secret("dashboard-api-key", {
    name: secrets.dashboardApiKey,
    description: 'The key that the dashboard asks for, as {"api_key": "..."}.',
    recoveryWindowInDays,
  });
}
