import aws from "@pulumi/aws";
import { type Settings, serviceName } from "./settings.ts";

const FOURTEEN_DAYS = 14 * 24 * 3600;

/** The queue that keeps events which no retry could get done, as long as SQS allows: someone has to look. */
export function deadLetters({ environment }: Settings): aws.sqs.Queue {
  return new aws.sqs.Queue("analysis-dlq", {
    name: serviceName(environment, "analysis-dlq"),
    messageRetentionSeconds: FOURTEEN_DAYS,
    sqsManagedSseEnabled: true,
  });
}
