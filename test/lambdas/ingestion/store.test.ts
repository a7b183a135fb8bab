import { ConditionalCheckFailedException, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { storeNew } from "../../../lambdas/ingestion/store.ts";
import type { Item } from "../../../lambdas/item.ts";

describe("storing items", () => {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: "us-east-1" }));
  const table = mockClient(client);
  const store = (...ids: string[]) =>
    storeNew(
      client,
      "items",
      ids.map((id) => ({ id }) as Item),
    );

  beforeEach(() => {
    table.reset();
    table.on(PutCommand).resolves({});
  });

  it("stores each and returns them in their order", async () => {
    const ids = Array.from({ length: 25 }, (_, index) => `item-${index}`);
    expect((await store(...ids)).map(({ id }) => id)).to.deep.equal(ids);
    expect(table.commandCalls(PutCommand)).to.have.length(25);
  });

  it("leaves alone what is there already, and does not return it", async () => {
    const there = new ConditionalCheckFailedException({ message: "there", $metadata: {} });
    table.on(PutCommand, { Item: { id: "old" } }).rejects(there);
    expect((await store("new", "old")).map(({ id }) => id)).to.deep.equal(["new"]);
    for (const { args } of table.commandCalls(PutCommand)) {
      expect(args[0].input.ConditionExpression).to.equal("attribute_not_exists(#id)");
    }
  });

  it("fails when an item can be neither stored nor found", async () => {
    table.on(PutCommand, { Item: { id: "b" } }).rejects(new Error("throttled"));
    expect(await store("a", "b").catch((error: Error) => error.message)).to.equal("throttled");
  });
});
