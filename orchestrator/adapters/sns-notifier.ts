import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { asSubject, type Notifier } from "../ports/notifier.ts";
import { type AwsAccess, clientSettings } from "./aws-access.ts";

export function snsNotifier(access: AwsAccess): Notifier {
  const sns = new SNSClient(clientSettings(access));
  return {
    async send(topicArn, { subject, body }) {
      await sns.send(new PublishCommand({ TopicArn: topicArn, Subject: asSubject(subject), Message: body }));
    },
  };
}
