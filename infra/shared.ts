import type aws from "@pulumi/aws";
import type pulumi from "@pulumi/pulumi";
import { serviceName } from "./names.ts";
import type { Settings } from "./settings.ts";

/** What the functions of an environment share. */
export type Shared = {
  settings: Settings;
  table: aws.dynamodb.Table;
  notifications: aws.sns.Topic;
  alerts: aws.sns.Topic;
  deadLetters: aws.sqs.Queue;
};

/**
 * The ARN of something in the same account and region, by its name. For what is slow to be made, or is made later: to
 * name it in a policy is no reason to wait for it.
 */
export function arnOf(
  service: string,
  resource: string,
  near: { notifications: aws.sns.Topic },
): pulumi.Output<string> {
  return near.notifications.arn.apply((topic) => {
    const [, partition, , region, account] = topic.split(":");
    return `arn:${partition}:${service}:${service === "iam" ? "" : region}:${account}:${resource}`;
  });
}

/** The ARN of the queue of the dead letters, which takes half a minute to be made. */
export function deadLettersArn(settings: Settings, near: { notifications: aws.sns.Topic }) {
  return arnOf("sqs", deadLettersName(settings), near);
}

export function deadLettersName({ environment }: Settings): string {
  return serviceName(environment, "analysis-dlq");
}
