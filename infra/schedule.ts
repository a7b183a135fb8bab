import aws from "@pulumi/aws";
import type { ServiceFunction } from "./function.ts";
import { serviceName } from "./names.ts";
import type { Settings } from "./settings.ts";

/** Invokes what has the traffic, on a schedule such as `rate(1 hour)`. */
export function schedule(
  name: string,
  target: ServiceFunction,
  { expression, enabled }: { expression: string; enabled: boolean },
  settings: Settings,
): void {
  const parent = target;
  const rule = new aws.cloudwatch.EventRule(
    `${name}-schedule`,
    {
      name: serviceName(settings.environment, `${name}-schedule`),
      scheduleExpression: expression,
      state: enabled ? "ENABLED" : "DISABLED",
    },
    { parent },
  );
  const permission = new aws.lambda.Permission(
    `${name}-schedule`,
    {
      statementId: `${name}-live-schedule`,
      action: "lambda:InvokeFunction",
      function: target.function.name,
      qualifier: target.live.name,
      principal: "events.amazonaws.com",
      sourceArn: rule.arn,
    },
    { parent },
  );
  new aws.cloudwatch.EventTarget(
    `${name}-schedule`,
    { rule: rule.name, targetId: name, arn: target.live.arn },
    { parent, dependsOn: [permission] },
  );
}
