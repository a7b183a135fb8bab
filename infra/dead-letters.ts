import aws from "@pulumi/aws";
import pulumi from "@pulumi/pulumi";
import type { Settings } from "./settings.ts";
import { deadLettersArn, deadLettersName } from "./shared.ts";

const FOURTEEN_DAYS = 14 * 24 * 3600;

/**
 * The queue that keeps events which no retry could get done, as long as SQS allows: someone has to look. Functions send
 * what they failed on, and the notifications topic sends what it could not deliver. Its policy is part of it: as a
 * resource of its own it would be waited for half a minute more.
 */
export function deadLetters(settings: Settings, notifications: aws.sns.Topic): aws.sqs.Queue {
  return new aws.sqs.Queue(
    "analysis-dlq",
    {
      name: deadLettersName(settings),
      messageRetentionSeconds: FOURTEEN_DAYS,
      sqsManagedSseEnabled: true,
      policy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "Undelivered",
            Effect: "Allow",
            Principal: { Service: "sns.amazonaws.com" },
            Action: "sqs:SendMessage",
            Resource: deadLettersArn(settings, { notifications }),
            Condition: { ArnEquals: { "aws:SourceArn": notifications.arn } },
          },
        ],
      }),
      // Nobody else's failures belong here.
      redriveAllowPolicy: JSON.stringify({ redrivePermission: "denyAll" }),
      tags: settings.tags,
    },
    { protect: true },
  );
}
