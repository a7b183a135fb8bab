import {
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { PutFunctionEventInvokeConfigCommand } from "@aws-sdk/client-lambda";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { account, clientConfig, eventually, region } from "./emulator-fixture.ts";
import { createRole, deploy, exposeAlias } from "./functions.ts";
import { sumOf } from "./lambda-metric.ts";

describe("emulator: an event that a function fails on", () => {
  it("is tried again and ends where the alias's own settings say", async () => {
    const sqs = new SQSClient(await clientConfig());
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "failed-events" }));
    const about = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }));
    const role = await createRole("failing", {
      Effect: "Allow",
      Action: ["logs:*", "sqs:SendMessage"],
      Resource: "*",
    });
    const lambda = await deploy("failing", ['exports.handler = async () => { throw new Error("no"); };'], {
      role,
    });
    await exposeAlias(lambda, "failing", "1");
    await lambda.send(
      new PutFunctionEventInvokeConfigCommand({
        FunctionName: "failing",
        Qualifier: "live",
        MaximumRetryAttempts: 1,
        DestinationConfig: { OnFailure: { Destination: about.Attributes?.QueueArn } },
      }),
    );
    const events = new EventBridgeClient(await clientConfig());
    await events.send(
      new PutRuleCommand({ Name: "failing", EventPattern: JSON.stringify({ source: ["failing"] }) }),
    );
    const Arn = `arn:aws:lambda:${region}:${account}:function:failing:live`;
    await events.send(new PutTargetsCommand({ Rule: "failing", Targets: [{ Id: "1", Arn }] }));
    await events.send(
      new PutEventsCommand({ Entries: [{ Source: "failing", DetailType: "t", Detail: '{"n":1}' }] }),
    );

    const body = await eventually(async () => {
      const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
      return Messages?.[0]?.Body;
    });
    expect(body).to.include("no");
    expect(await sumOf({ FunctionName: "failing" }, "Errors")).to.equal(2);
  }).timeout(20_000);
});
