import type { Finding } from "./check.ts";

/**
 * The log line from which CloudWatch makes the metrics Healthy (1 or 0) and HealthLatency of the namespace
 * SentimentCanary: the embedded metric format needs no request and no permission beside that to log.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function metricLine({ healthy, ms }: Finding, about: { functionName: string; now: number }): string {
  return JSON.stringify({
    _aws: {
      Timestamp: about.now,
      CloudWatchMetrics: [
        {
          Namespace: "SentimentCanary",
          Dimensions: [["FunctionName"]],
          Metrics: [{ Name: "Healthy" }, { Name: "HealthLatency", Unit: "Milliseconds" }],
        },
      ],
    },
    FunctionName: about.functionName,
    Healthy: healthy ? 1 : 0,
    HealthLatency: ms,
  });
}
