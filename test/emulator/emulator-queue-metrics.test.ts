import { CreateQueueCommand, PurgeQueueCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { becomes, putAlarm } from "./alarm.ts";
import { clientConfig } from "./emulator-fixture.ts";

describe("emulator: the messages of a queue", () => {
  it("are counted as long as they wait, for an alarm that asks", async () => {
    const sqs = new SQSClient(await clientConfig());
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "waited-for" }));
    await putAlarm("waiting", "", {
      Namespace: "AWS/SQS",
      MetricName: "ApproximateNumberOfMessagesVisible",
      Dimensions: [{ Name: "QueueName", Value: "waited-for" }],
      Statistic: "Maximum",
      Period: 10,
      Threshold: 1,
    });
    await becomes("waiting", "OK");
    for (const MessageBody of ["a", "b"]) await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    await becomes("waiting", "ALARM");
    await sqs.send(new PurgeQueueCommand({ QueueUrl }));
    await becomes("waiting", "OK", 25_000);
  }).timeout(40_000);
});
