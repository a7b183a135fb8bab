import { SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { type AwsAccess, clientSettings } from "../../../orchestrator/adapters/aws-access.ts";

export type Notice = { subject: string; body: string };

/** Subscribes a queue to a topic, as the person on call is subscribed; what it gives reads all that came since. */
export async function listenTo(TopicArn: string, access: AwsAccess): Promise<() => Promise<Notice[]>> {
  const sqs = new SQSClient(clientSettings(access));
  const sns = new SNSClient(clientSettings(access));
  const QueueName = `heard-by-${TopicArn.split(":").at(-1)}`;
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }),
  );
  const Endpoint = Attributes?.QueueArn;
  const allowed = { Effect: "Allow", Principal: { Service: "sns.amazonaws.com" }, Action: "sqs:SendMessage" };
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [{ ...allowed, Resource: Endpoint }] });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint }));
  return async () => {
    const heard: Notice[] = [];
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
      );
      if (Messages.length === 0) return heard;
      for (const { Body = "{}", ReceiptHandle } of Messages) {
        const { Subject = "", Message = "" } = JSON.parse(Body);
        heard.push({ subject: Subject, body: Message });
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  };
}
