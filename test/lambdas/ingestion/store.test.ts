import { ConditionalCheckFailedException, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { markAnnounced, storeItem } from "../../../lambdas/ingestion/store.ts";
import type { Item } from "../../../lambdas/item.ts";

describe("storing an item", () => {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: "us-east-1" }));
  const table = mockClient(client);
  const store = () => storeItem(client, "items")({ id: "an-id" } as Item);
  const refused = (Item?: Record<string, unknown>) =>
    new ConditionalCheckFailedException({ message: "there", $metadata: {}, Item: Item as never });

  beforeEach(() => table.reset());

  it("stores what is not there", async () => {
    table.on(PutCommand).resolves({});
    expect(await store()).to.equal("new");
    expect(table.commandCalls(PutCommand)[0]?.args[0].input).to.include({
      ConditionExpression: "attribute_not_exists(id)",
    });
  });

  it("leaves alone what is there, and tells whether it was announced", async () => {
    table.on(PutCommand).rejects(refused({ id: "an-id", announcedAt: "then" }));
    expect(await store()).to.equal("known");
    table.on(PutCommand).rejects(refused({ id: "an-id" }));
    expect(await store()).to.equal("unannounced");
  });

  it("fails when an item can be neither stored nor found", async () => {
    table.on(PutCommand).rejects(new Error("throttled"));
    expect(await store().catch((error: Error) => error.message)).to.equal("throttled");
  });

  it("notes when it was announced, unless it is gone meanwhile", async () => {
    const mark = markAnnounced(client, "items", () => 0);
    table.on(UpdateCommand).resolves({});
    await mark("an-id");
    expect(table.commandCalls(UpdateCommand)[0]?.args[0].input).to.deep.include({
      Key: { id: "an-id" },
      ExpressionAttributeValues: { ":now": "1970-01-01T00:00:00.000Z" },
    });
    table.on(UpdateCommand).rejects(refused());
    await mark("an-id");
  });
});
