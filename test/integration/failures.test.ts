import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { SNSClient, SubscribeCommand, UnsubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { type Deployed, deadLetters, deployed, eventually } from "./deployed.ts";

const PATIENCE_MS = 85_000;

/**
 * Breaks things on purpose, waits for a function's retries, and lets an alarm fire: minutes on AWS, and mails to people.
 * Hence only when it is asked for, by INTEGRATION_FAILURES=1, and not at every promotion.
 */
describe("failures in the deployed service", function () {
  this.timeout(PATIENCE_MS + 5_000);
  const sqs = new SQSClient();
  let service: Deployed;

  before(function () {
    if (process.env.INTEGRATION_FAILURES !== "1") return this.skip();
    service = deployed();
  });

  it("end among the dead letters with their reason: an event that announces nothing", async () => {
    const { url } = await deadLetters(service);
    const { functionName, alias } = service.outputs.functions.analysis ?? {};
    const mark = `not an item ${Date.now()}`;
    const Records = [
      { EventSource: "aws:sns", Sns: { MessageId: "1", Message: JSON.stringify({ id: mark }) } },
    ];
    await new LambdaClient().send(
      new InvokeCommand({
        FunctionName: functionName,
        Qualifier: alias,
        InvocationType: "Event",
        Payload: JSON.stringify({ Records }),
      }),
    );
    const letter = await eventually("the event is a dead letter", () => receive(sqs, url, mark), PATIENCE_MS);
    const { requestContext, responsePayload } = JSON.parse(letter.Body ?? "");
    expect(requestContext.condition).to.equal("RetriesExhausted");
    expect(responsePayload.errorMessage).to.equal(
      "The notification announces no item: its id is not a SHA-256 in hex.",
    );
    await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: letter.ReceiptHandle }));
  });

  it("raise an alarm that is told, and that is over when the dead letters are dealt with", async () => {
    const { name, url } = await deadLetters(service);
    const alarm = await alarmOn(name);
    const ear = await listen(sqs, service.outputs.alertsTopicArn, `${name}-ear`);
    try {
      const mark = `to be dealt with ${Date.now()}`;
      for (let n = 0; n < 6; n++)
        await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: mark }));
      await eventually("the alarm fires", async () => (await stateOf(alarm)) === "ALARM", PATIENCE_MS);
      await eventually("the alarm is told", () => receive(sqs, ear.url, alarm));
      for (let n = 0; n < 6; n++) {
        const { ReceiptHandle } = await eventually("the letter is found", () => receive(sqs, url, mark));
        await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));
      }
      await eventually("the alarm is over", async () => (await stateOf(alarm)) === "OK", PATIENCE_MS);
    } finally {
      await ear.leave();
    }
  });
});

async function receive(sqs: SQSClient, QueueUrl: string, containing: string) {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 1 }),
  );
  return Messages.find(({ Body }) => Body?.includes(containing));
}

async function alarmOn(queue: string): Promise<string> {
  const { MetricAlarms = [] } = await new CloudWatchClient().send(
    new DescribeAlarmsCommand({ AlarmNamePrefix: queue }),
  );
  return MetricAlarms[0]?.AlarmName ?? "";
}

async function stateOf(alarm: string): Promise<string | undefined> {
  const { MetricAlarms = [] } = await new CloudWatchClient().send(
    new DescribeAlarmsCommand({ AlarmNames: [alarm] }),
  );
  return MetricAlarms[0]?.StateValue;
}

/** Subscribes a queue of its own to the topic, for as long as it takes. */
async function listen(sqs: SQSClient, TopicArn: string, QueueName: string) {
  const { QueueUrl: url = "" } = await sqs.send(new CreateQueueCommand({ QueueName }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn"] }),
  );
  const Endpoint = Attributes?.QueueArn;
  const Policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "sns.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: Endpoint,
        Condition: { ArnEquals: { "aws:SourceArn": TopicArn } },
      },
    ],
  });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { Policy } }));
  const sns = new SNSClient();
  const { SubscriptionArn } = await sns.send(
    new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint, ReturnSubscriptionArn: true }),
  );
  return {
    url,
    async leave() {
      await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
      await sqs.send(new DeleteQueueCommand({ QueueUrl: url }));
    },
  };
}
