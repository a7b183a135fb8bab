import { PutFunctionEventInvokeConfigCommand } from "@aws-sdk/client-lambda";
import { CreateTopicCommand, PublishBatchCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { account, clientConfig, eventually, region } from "./emulator-fixture.ts";
import { createRole, deploy, exposeAlias } from "./functions.ts";
import { atLeast, sumOf } from "./lambda-metric.ts";
import { clientConfigOf, fate } from "./principal.ts";

const source = `exports.handler = async ({ Records: [{ Sns }] }) => {
  if (Sns.Message === "poison") throw new Error("poisoned");
};`;

describe("emulator: notifications to a function", () => {
  let sns: SNSClient;
  let sqs: SQSClient;
  let TopicArn = "";
  let QueueUrl = "";

  before(async function () {
    this.timeout(30_000);
    sns = new SNSClient(await clientConfig());
    sqs = new SQSClient(await clientConfig());
    ({ QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "undone" })));
    const about = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }));
    const role = await createRole("notified", {
      Effect: "Allow",
      Action: ["logs:*", "sqs:SendMessage"],
      Resource: "*",
    });
    const lambda = await deploy("notified", [source], { role });
    await exposeAlias(lambda, "notified", "1");
    await lambda.send(
      new PutFunctionEventInvokeConfigCommand({
        FunctionName: "notified",
        Qualifier: "live",
        MaximumRetryAttempts: 1,
        DestinationConfig: { OnFailure: { Destination: about.Attributes?.QueueArn } },
      }),
    );
    ({ TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: "announcements" })));
    const Endpoint = `arn:aws:lambda:${region}:${account}:function:notified:live`;
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: "lambda", Endpoint }));
  });

  const publish = (...messages: string[]) =>
    sns.send(
      new PublishBatchCommand({
        TopicArn,
        PublishBatchRequestEntries: messages.map((Message, index) => ({ Id: String(index), Message })),
      }),
    );

  it("are each delivered once, however many there are at once", async () => {
    await publish(...Array.from({ length: 10 }, (_, index) => `n${index}`));
    await atLeast({ FunctionName: "notified" }, "Invocations", 10);
    expect(await sumOf({ FunctionName: "notified" }, "Errors")).to.equal(0);
    expect(await sumOf({ FunctionName: "notified" }, "Throttles")).to.equal(0);
  }).timeout(20_000);

  it("are tried again and end with their reason where the alias's settings say", async () => {
    await publish("poison");
    const body = await eventually(async () => {
      const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
      return Messages?.[0]?.Body;
    });
    const { requestContext, requestPayload, responsePayload } = JSON.parse(body);
    expect(requestContext.condition).to.equal("RetriesExhausted");
    expect(requestPayload.Records[0].Sns.Message).to.equal("poison");
    expect(responsePayload.errorMessage).to.equal("poisoned");
    expect(await sumOf({ FunctionName: "notified" }, "Errors")).to.equal(2);
  }).timeout(20_000);

  it("may be published in batches by who may publish", async () => {
    const allow = (Action: string) => [{ Effect: "Allow", Action, Resource: TopicArn }];
    const batch = new PublishBatchCommand({
      TopicArn,
      PublishBatchRequestEntries: [{ Id: "0", Message: "m" }],
    });
    const publisher = new SNSClient(await clientConfigOf("publisher", allow("sns:Publish")));
    expect(await fate(publisher.send(batch))).to.equal("allowed");
    const reader = new SNSClient(await clientConfigOf("reader", allow("sns:GetTopicAttributes")));
    expect(await fate(reader.send(batch))).to.equal("denied");
  });
});
