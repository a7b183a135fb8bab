import aws from "@pulumi/aws";
import pulumi from "@pulumi/pulumi";
import type { ServiceFunction } from "./function.ts";
import type { Shared } from "./shared.ts";

/** Runs what has the traffic for each notification of a new item; what cannot be delivered is kept with the dead letters. */
export function subscription(name: string, target: ServiceFunction, shared: Shared): void {
  const parent = target;
  const { notifications, deadLetters } = shared;
  const permission = new aws.lambda.Permission(
    `${name}-notifications`,
    {
      statementId: `${name}-live-notifications`,
      action: "lambda:InvokeFunction",
      function: target.function.name,
      qualifier: target.live.name,
      principal: "sns.amazonaws.com",
      sourceArn: notifications.arn,
    },
    { parent },
  );
  new aws.sns.TopicSubscription(
    `${name}-notifications`,
    {
      topic: notifications.arn,
      protocol: "lambda",
      endpoint: target.live.arn,
      redrivePolicy: pulumi.jsonStringify({ deadLetterTargetArn: deadLetters.arn }),
    },
    { parent, dependsOn: [permission] },
  );
}
