import aws from "@pulumi/aws";
import { serviceName } from "./names.ts";
import type { Shared } from "./shared.ts";

/**
 * Tells the alerts topic when this environment costs more than usual. A monitor of the account's services would see all
 * environments at once, and an account may have only one: this one looks at what carries the environment's tag, which has
 * to be activated as a cost allocation tag, once an account.
 */
export function costAnomaly({ settings, alerts }: Shared): void {
  const { environment, costAnomalyDollars, tags } = settings;
  const monitor = new aws.costexplorer.AnomalyMonitor("cost", {
    name: serviceName(environment, "cost"),
    monitorType: "CUSTOM",
    // With all that is empty: the provider reads it back like that, and would replace the monitor at every update.
    monitorSpecification: JSON.stringify({
      And: null,
      CostCategories: null,
      Dimensions: null,
      Not: null,
      Or: null,
      Tags: { Key: "environment", MatchOptions: null, Values: [environment] },
    }),
    tags,
  });
  new aws.costexplorer.AnomalySubscription("cost", {
    name: serviceName(environment, "cost"),
    // A topic is told at once or not at all.
    frequency: "IMMEDIATE",
    monitorArnLists: [monitor.arn],
    subscribers: [{ type: "SNS", address: alerts.arn }],
    thresholdExpression: {
      dimension: {
        key: "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
        matchOptions: ["GREATER_THAN_OR_EQUAL"],
        values: [String(costAnomalyDollars)],
      },
    },
    tags,
  });
}
