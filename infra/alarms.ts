import aws from "@pulumi/aws";
import type pulumi from "@pulumi/pulumi";
import type { ServiceFunction } from "./function.ts";
import { serviceName } from "./names.ts";
import { deadLettersName, type Shared } from "./shared.ts";

type Alarm = Pick<
  aws.cloudwatch.MetricAlarmArgs,
  "namespace" | "metricName" | "dimensions" | "statistic" | "period" | "metricQueries"
> & { threshold: number; description: string; parent?: pulumi.Resource };

const FIVE_MINUTES = 300;

/** The alarms of one function: it fails more than five times in five minutes; it is refused for want of concurrency. */
export function functionAlarms(
  name: string,
  target: ServiceFunction,
  shared: Shared,
): aws.cloudwatch.MetricAlarm[] {
  const { environment } = shared.settings;
  const ofFunction = {
    namespace: "AWS/Lambda",
    dimensions: { FunctionName: target.function.name },
    statistic: "Sum",
    period: FIVE_MINUTES,
    parent: target,
  };
  return [
    alarm(`${name}-errors`, shared, {
      ...ofFunction,
      metricName: "Errors",
      threshold: 5,
      description:
        `The function ${name} failed more than 5 times in 5 minutes. Read its log group; if a release was promoted ` +
        `just now, take it back: npm run rollback -- --env ${environment} --reason "..."`,
    }),
    alarm(`${name}-throttles`, shared, {
      ...ofFunction,
      metricName: "Throttles",
      threshold: 0,
      description:
        `The function ${name} was refused because too many of its executions ran at once. See on the dashboard who ` +
        `calls it so often; raise reservedConcurrency in the configuration of ${environment} if that is rightful.`,
    }),
  ];
}

/** The alarms of what the functions share: the table and the dead letters. */
export function sharedAlarms(shared: Shared): aws.cloudwatch.MetricAlarm[] {
  const { environment } = shared.settings;
  const name = deadLettersName(shared.settings);
  return [
    alarm("items-user-errors", shared, {
      namespace: "AWS/DynamoDB",
      metricName: "UserErrors",
      statistic: "Sum",
      period: FIVE_MINUTES,
      threshold: 10,
      description:
        "DynamoDB refused more than 10 requests of this account in 5 minutes as malformed. The metric names no table: " +
        `read the logs of ingestion, analysis and dashboard of ${environment} for ValidationException.`,
    }),
    alarm("items-throttles", shared, {
      metricQueries: tableThrottles(serviceName(environment, "items")),
      threshold: 10,
      description:
        `The items table of ${environment} throttled more than 10 reads or writes in 5 minutes: one day is one ` +
        "partition of its index. Look for a burst of ingestions on the dashboard; it ends by itself when the burst does.",
    }),
    alarm("analysis-dlq-messages", shared, {
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: name },
      statistic: "Maximum",
      // Of the present, not of the last five minutes: it is over as soon as the queue is dealt with.
      period: 60,
      threshold: 5,
      description:
        `More than 5 events failed for good. Each message in ${name} says why (responsePayload) and of which event ` +
        "(requestPayload): mend the cause, send the event again by aws lambda invoke --payload, delete the message.",
    }),
  ];
}

/** UserErrors does not count what is throttled, and the two metrics that do know the table. */
function tableThrottles(TableName: string): aws.types.input.cloudwatch.MetricAlarmMetricQuery[] {
  const throttled = (id: string, metricName: string) => ({
    id,
    metric: {
      namespace: "AWS/DynamoDB",
      metricName,
      dimensions: { TableName },
      stat: "Sum",
      period: FIVE_MINUTES,
    },
    returnData: false,
  });
  return [
    throttled("reads", "ReadThrottleEvents"),
    throttled("writes", "WriteThrottleEvents"),
    { id: "throttled", expression: "FILL(reads, 0) + FILL(writes, 0)", label: "throttled", returnData: true },
  ];
}

function alarm(name: string, shared: Shared, given: Alarm): aws.cloudwatch.MetricAlarm {
  const { description, parent, ...rest } = given;
  const alerts = [shared.alerts.arn];
  return new aws.cloudwatch.MetricAlarm(
    name,
    {
      ...rest,
      name: serviceName(shared.settings.environment, name),
      alarmDescription: description,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanThreshold",
      // What nobody uses reports nothing, and that is no fault.
      treatMissingData: "notBreaching",
      alarmActions: alerts,
      okActions: alerts,
      tags: shared.settings.tags,
    },
    { parent },
  );
}
