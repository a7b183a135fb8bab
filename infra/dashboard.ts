import type aws from "@pulumi/aws";
import cloudwatch from "@pulumi/awsx/classic/cloudwatch/index.js";
import type { Widget } from "@pulumi/awsx/classic/cloudwatch/widget.js";
import { functions } from "./functions.ts";
import { serviceName } from "./names.ts";
import { deadLettersName, type Shared } from "./shared.ts";

const HALF = 12;
const HEIGHT = 6;

/** The CloudWatch dashboard of an environment: which alarms fire, and how the service does. */
export function dashboard(shared: Shared, alarms: aws.cloudwatch.MetricAlarm[]): aws.cloudwatch.Dashboard {
  const { settings } = shared;
  const lambda = (title: string, metric: string, statistic: "Sum" | "Maximum" | "Average") =>
    graph(
      title,
      functions.map(({ name }) =>
        measured("AWS/Lambda", metric, statistic, name, {
          FunctionName: serviceName(settings.environment, name),
        }),
      ),
    );
  const QueueName = deadLettersName(settings);
  const TableName = serviceName(settings.environment, "items");
  const canary = { FunctionName: serviceName(settings.environment, "canary") };
  return new cloudwatch.Dashboard("dashboard", {
    name: serviceName(settings.environment, "service"),
    widgets: [
      new cloudwatch.AlarmWidget({
        title: "Alarms",
        width: 2 * HALF,
        height: 3,
        alarms: alarms.map(({ arn }) => arn),
      }),
      lambda("Invocations", "Invocations", "Sum"),
      lambda("Errors", "Errors", "Sum"),
      lambda("Throttles", "Throttles", "Sum"),
      lambda("Duration", "Duration", "Maximum"),
      graph("Dead letters", [
        measured("AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum", "waiting", { QueueName }),
      ]),
      graph("Throttled by the table", [
        measured("AWS/DynamoDB", "ReadThrottleEvents", "Sum", "reads", { TableName }),
        measured("AWS/DynamoDB", "WriteThrottleEvents", "Sum", "writes", { TableName }),
      ]),
      graph("Canary", [measured("SentimentCanary", "Healthy", "Minimum", "healthy", canary)]),
      graph("Answer time of /health", [
        measured("SentimentCanary", "HealthLatency", "Maximum", "milliseconds", canary),
      ]),
    ],
  });
}

function graph(title: string, metrics: InstanceType<typeof cloudwatch.Metric>[]): Widget {
  return new cloudwatch.LineGraphMetricWidget({ title, width: HALF, height: HEIGHT, metrics });
}

function measured(
  namespace: string,
  name: string,
  statistic: "Sum" | "Maximum" | "Minimum" | "Average",
  label: string,
  dimensions: Record<string, string>,
): InstanceType<typeof cloudwatch.Metric> {
  return new cloudwatch.Metric({ namespace, name, statistic, label, dimensions, period: 300 });
}
