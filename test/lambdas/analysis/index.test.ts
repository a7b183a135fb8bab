import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { SNSEvent } from "aws-lambda";
import { type AwsStub, mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { handler } from "../../../lambdas/analysis/index.ts";
import { environment } from "../environment.ts";
import { quiet } from "../quiet.ts";

const ID = "b".repeat(64);
const event = (...messages: string[]) =>
  ({ Records: messages.map((Message) => ({ Sns: { Message, MessageId: "m-1" } })) }) as SNSEvent;

describe("the analysis function", () => {
  const logged = quiet();
  // biome-ignore lint/suspicious/noExplicitAny: the stub's own type parameters are of no use here
  let table: AwsStub<any, any, any>;
  environment(() => ({ AWS_REGION: "us-east-1", ITEMS_TABLE: "items" }));

  before(() => {
    table = mockClient(DynamoDBDocumentClient);
  });
  beforeEach(() => {
    table.reset();
    table.on(GetCommand).resolves({ Item: { title: "A brilliant success" } });
    table.on(UpdateCommand).resolves({});
  });
  after(() => table.restore());

  it("writes the score of an item that is there and not scored yet, and of no other", async () => {
    expect(await handler(event(JSON.stringify({ id: ID })))).to.deep.equal(["scored"]);
    const [written] = table.commandCalls(UpdateCommand).map(({ args }) => args[0].input);
    expect(written).to.deep.include({ TableName: "items", Key: { id: ID } });
    expect(written?.ConditionExpression).to.match(/^attribute_exists\(id\) AND /);
    expect(table.commandCalls(GetCommand)[0]?.args[0].input).to.include({ ConsistentRead: true });
  });

  it("says that it can work, when a promotion asks, without doing it", async () => {
    expect(await handler({ promotionProbe: "one" })).to.include({ status: "healthy", version: "unreleased" });
    expect(table.calls()).to.deep.equal([]);
  });

  it("takes a notification that came twice for done", async () => {
    const there = new ConditionalCheckFailedException({ message: "there", $metadata: {} });
    table.on(UpdateCommand).rejects(there);
    expect(await handler(event(JSON.stringify({ id: ID })))).to.deep.equal(["known"]);
  });

  it("throws what it cannot do, so that Lambda tries again and keeps it, and logs why", async () => {
    const failed = await handler(event("{")).catch((error: Error) => error.message);
    expect(failed).to.equal("The notification is not JSON.");
    expect(JSON.parse(logged.lines[0] ?? "")).to.include({ level: "error", messageId: "m-1" });
    table.on(UpdateCommand).rejects(new Error("throttled"));
    expect(await handler(event(JSON.stringify({ id: ID }))).catch((error: Error) => error.message)).to.equal(
      "throttled",
    );
  });
});
