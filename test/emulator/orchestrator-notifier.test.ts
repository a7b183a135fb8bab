import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { snsNotifier } from "../../orchestrator/adapters/sns-notifier.ts";
import type { Notice } from "../../orchestrator/ports/notifier.ts";
import { notifierContract } from "../contracts/notifier.ts";
import { emulatorAccess, unused } from "./access.ts";
import { eventually } from "./emulator-fixture.ts";

describe("orchestrator: notices over SNS", () => {
  notifierContract(async () => {
    const access = await emulatorAccess();
    const [sns, sqs] = [new SNSClient(access), new SQSClient(access)];
    const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: unused("notices") }));
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: unused("notices") }));
    const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] });
    const Endpoint = (await sqs.send(asked)).Attributes?.QueueArn;
    const statement = { Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: Endpoint };
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint }));

    async function received(): Promise<Notice[] | false> {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      const notices = Messages.map(
        ({ Body = "{}" }) => JSON.parse(Body) as { Subject: string; Message: string },
      );
      return (
        notices.length > 0 && notices.map(({ Subject, Message }) => ({ subject: Subject, body: Message }))
      );
    }

    return { notifier: snsNotifier(access), topicArn: TopicArn, delivered: () => eventually(received) };
  });
});
