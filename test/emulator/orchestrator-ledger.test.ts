import { CreateTableCommand, DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { dynamodbLedger } from "../../orchestrator/adapters/dynamodb-ledger.ts";
import { systemClock } from "../../orchestrator/adapters/system-clock.ts";
import { brokenLink } from "../../orchestrator/promotion/history.ts";
import { ledgerContract } from "../contracts/ledger.ts";
import { emulatorAccess, unused } from "./access.ts";

async function makeTable(): Promise<string> {
  const TableName = unused("ledger");
  await new DynamoDBClient(await emulatorAccess()).send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      AttributeDefinitions: ["pk", "sk"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
    }),
  );
  return TableName;
}

describe("orchestrator: the ledger in DynamoDB", () => {
  async function connected(table: string) {
    const access = await emulatorAccess();
    return () => dynamodbLedger({ table, environment: "trial", clock: systemClock }, access);
  }

  ledgerContract(async () => connected(await makeTable()));

  it("reads more entries than one answer holds (1 MB), in order", async function () {
    this.timeout(30_000);
    const connect = await connected(await makeTable());
    const ledger = connect();
    const holder = { who: "w", host: "h", run: "r", promotionId: "one" };
    const answer = await ledger.acquire(holder, 60_000);
    if (!answer.acquired) throw new Error("the lease was not free");
    const because = "x".repeat(300_000);
    for (let n = 0; n < 5; n++)
      await ledger.append(answer.lease, { type: "quarantined", sha: String(n), because });
    const entries = await connect().entries();
    expect(entries.map(({ sequence }) => sequence)).to.deep.equal([1, 2, 3, 4, 5]);
    expect(brokenLink(entries)).to.equal(undefined);
  });

  it("shows an entry that was changed behind its back", async () => {
    const table = await makeTable();
    const ledger = (await connected(table))();
    const holder = { who: "w", host: "h", run: "r", promotionId: "one" };
    const answer = await ledger.acquire(holder, 60_000);
    if (!answer.acquired) throw new Error("the lease was not free");
    for (const step of ["up", "canary"]) await ledger.append(answer.lease, { type: "step-started", step });
    await new DynamoDBClient(await emulatorAccess()).send(
      new UpdateItemCommand({
        TableName: table,
        Key: { pk: { S: "entry" }, sk: { S: "0000000001" } },
        UpdateExpression: "SET promotionId = :other",
        ExpressionAttributeValues: { ":other": { S: "another" } },
      }),
    );
    expect(brokenLink(await ledger.entries())).to.equal(1);
  });
});
