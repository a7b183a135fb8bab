import aws from "@pulumi/aws";
import pulumi from "@pulumi/pulumi";

/** Gives a resource its name. */
export type Naming = (name: string) => string;

/** Alarms, logs, rules and a dashboard. */
export function watching(named: Naming) {
  const topic = new aws.sns.Topic("alerts", { name: named("alerts") });
  const logs = new aws.cloudwatch.LogGroup("other-logs", { name: named("other-logs"), retentionInDays: 7 });
  new aws.cloudwatch.LogMetricFilter("filter", {
    name: named("filter"),
    logGroupName: logs.name,
    pattern: "ERROR",
    metricTransformation: { name: "errors", namespace: named("logs"), value: "1" },
  });
  const alarm = new aws.cloudwatch.MetricAlarm("alarm", {
    name: named("alarm"),
    namespace: "AWS/Lambda",
    metricName: "Errors",
    dimensions: { FunctionName: named("function") },
    statistic: "Sum",
    period: 300,
    evaluationPeriods: 1,
    threshold: 5,
    comparisonOperator: "GreaterThanThreshold",
    treatMissingData: "notBreaching",
    alarmActions: [topic.arn],
  });
  new aws.cloudwatch.CompositeAlarm("composite", {
    alarmName: named("composite"),
    alarmRule: pulumi.interpolate`ALARM("${alarm.name}")`,
  });
  new aws.cloudwatch.Dashboard("dashboard", {
    dashboardName: named("dashboard"),
    dashboardBody: JSON.stringify({
      widgets: [{ type: "text", x: 0, y: 0, width: 3, height: 3, properties: { markdown: "hello" } }],
    }),
  });
  return { alarm: alarm.name };
}

/** Monitors of what is spent. */
export function money(named: Naming) {
  const monitor = new aws.costexplorer.AnomalyMonitor("monitor", {
    name: named("monitor"),
    monitorType: "DIMENSIONAL",
    monitorDimension: "SERVICE",
  });
  const subscription = new aws.costexplorer.AnomalySubscription("anomalies", {
    name: named("anomalies"),
    frequency: "DAILY",
    monitorArnLists: [monitor.arn],
    subscribers: [{ type: "EMAIL", address: "ops@example.com" }],
    thresholdExpression: {
      dimension: {
        key: "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
        values: ["10"],
        matchOptions: ["GREATER_THAN_OR_EQUAL"],
      },
    },
  });
  return { subscription: subscription.arn };
}
