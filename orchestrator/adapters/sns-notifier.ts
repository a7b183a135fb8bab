import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import type { Notifier } from "../ports/notifier.ts";
import { type AwsAccess, clientSettings } from "./aws-access.ts";

/** SNS refuses subjects of more than 100 characters. */
const LONGEST_SUBJECT = 100;

export function snsNotifier(access: AwsAccess): Notifier {
  const sns = new SNSClient(clientSettings(access));
  return {
    async send(topicArn, { subject, body }) {
      const Subject = subject.slice(0, LONGEST_SUBJECT);
      await sns.send(new PublishCommand({ TopicArn: topicArn, Subject, Message: body }));
    },
  };
}
