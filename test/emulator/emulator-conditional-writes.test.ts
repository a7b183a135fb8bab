import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { unused } from "./access.ts";
import { clientConfig } from "./emulator-fixture.ts";

const RACERS = 64;
const ROUNDS = 10;
const racers = Array.from({ length: RACERS }, (_, n) => String(n));

/** What the lease and the ledger stand on: of many writers who name what they have seen, exactly one may win. */
describe("the emulator: conditional writes, by many at once", function () {
  this.timeout(60_000);
  let TableName: string;
  let clients: DynamoDBClient[];

  before(async () => {
    TableName = unused("races");
    // A client of its own has a connection of its own: nothing of ours brings the writers into an order.
    clients = await Promise.all(racers.map(async () => new DynamoDBClient(await clientConfig())));
    await client().send(
      new CreateTableCommand({
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
      }),
    );
  });

  after(() => {
    for (const each of clients) each.destroy();
  });

  const client = (n = 0) => clients[n] as DynamoDBClient;

  /** All of them at once; returns who got through. Whoever did not must have been refused for the condition. */
  async function race(refusal: string, write: (racer: string, by: DynamoDBClient) => Promise<unknown>) {
    const ends = await Promise.allSettled(racers.map((racer, n) => write(racer, client(n))));
    for (const end of ends) if (end.status === "rejected") expect(end.reason.name).to.equal(refusal);
    return racers.filter((_, n) => ends[n]?.status === "fulfilled");
  }

  const read = async (pk: string) =>
    (await client().send(new GetItemCommand({ TableName, Key: { pk: { S: pk } }, ConsistentRead: true })))
      .Item;

  it("let one of them make what was not there", async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const pk = `made ${round}`;
      const won = await race("ConditionalCheckFailedException", (racer, by) =>
        by.send(
          new PutItemCommand({
            TableName,
            Item: { pk: { S: pk }, by: { S: racer } },
            ConditionExpression: "attribute_not_exists(pk)",
          }),
        ),
      );
      expect(won).to.have.length(1);
      expect((await read(pk))?.by?.S).to.equal(won[0]);
    }
  });

  it("let one of them take what all have seen alike", async () => {
    await client().send(new PutItemCommand({ TableName, Item: { pk: { S: "taken" }, fence: { N: "0" } } }));
    for (let fence = 0; fence < ROUNDS; fence++) {
      const won = await race("ConditionalCheckFailedException", (racer, by) =>
        by.send(
          new UpdateItemCommand({
            TableName,
            Key: { pk: { S: "taken" } },
            UpdateExpression: "SET fence = :next, #by = :by",
            ConditionExpression: "fence = :seen",
            ExpressionAttributeNames: { "#by": "by" },
            ExpressionAttributeValues: {
              ":seen": { N: String(fence) },
              ":next": { N: String(fence + 1) },
              ":by": { S: racer },
            },
          }),
        ),
      );
      expect(won).to.have.length(1);
      expect(await read("taken")).to.deep.include({ fence: { N: String(fence + 1) }, by: { S: won[0] } });
    }
  });

  it("let one transaction through, whole, and nothing of the others", async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const head = `head ${round}`;
      const entry = (racer: string) => `entry ${round} of ${racer}`;
      const won = await race("TransactionCanceledException", (racer, by) =>
        by.send(
          new TransactWriteItemsCommand({
            TransactItems: [
              { Put: { TableName, Item: { pk: { S: entry(racer) } } } },
              {
                Put: {
                  TableName,
                  Item: { pk: { S: head }, by: { S: racer } },
                  ConditionExpression: "attribute_not_exists(pk)",
                },
              },
            ],
          }),
        ),
      );
      expect(won).to.have.length(1);
      const { Items = [] } = await client().send(new ScanCommand({ TableName, ConsistentRead: true }));
      const written = Items.map(({ pk }) => pk?.S).filter((pk) => pk?.startsWith(`entry ${round} of `));
      expect(written).to.deep.equal([entry(won[0] ?? "")]);
    }
  });
});
