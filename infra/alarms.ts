import aws from "@pulumi/aws";
import type { ServiceFunction } from "./function.ts";
import { type Settings, serviceName } from "./settings.ts";

/** Tells a person when a function fails more than five times in five minutes. */
export function errorAlarm(
  name: string,
  target: ServiceFunction,
  options: { settings: Settings; alerts: aws.sns.Topic },
): aws.cloudwatch.MetricAlarm {
  const { environment } = options.settings;
  return new aws.cloudwatch.MetricAlarm(
    `${name}-errors`,
    {
      name: serviceName(environment, `${name}-errors`),
      alarmDescription:
        `The function ${name} failed more than 5 times in 5 minutes. Read its log group; if a release was promoted ` +
        `just now, take it back: npm run rollback -- --env ${environment}.`,
      namespace: "AWS/Lambda",
      metricName: "Errors",
      dimensions: { FunctionName: target.function.name },
      statistic: "Sum",
      period: 300,
      evaluationPeriods: 1,
      threshold: 5,
      comparisonOperator: "GreaterThanThreshold",
      // A function that nobody calls reports nothing, and that is no error.
      treatMissingData: "notBreaching",
      alarmActions: [options.alerts.arn],
      okActions: [options.alerts.arn],
    },
    { parent: target },
  );
}
