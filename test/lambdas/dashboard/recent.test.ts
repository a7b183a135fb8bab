import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { recentItems } from "../../../lambdas/dashboard/recent.ts";

const NOW = Date.UTC(2025, 2, 2, 0, 30);

describe("the recent items", () => {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: "us-east-1" }));
  const table = mockClient(client);
  const recent = (limit: number) =>
    recentItems(client, {
      tableName: "items",
      limit,
      now: () => NOW,
    });
  const queries = () => table.commandCalls(QueryCommand).map(({ args }) => args[0].input);

  beforeEach(() => {
    table.reset();
    table.on(QueryCommand).resolves({ Items: [] });
  });

  it("are looked for one day after the other, for a week, newest first", async () => {
    expect(await recent(20)).to.deep.equal([]);
    expect(
      queries().map(({ ExpressionAttributeValues }) => ExpressionAttributeValues?.[":day"]),
    ).to.deep.equal([
      "2025-03-02",
      "2025-03-01",
      "2025-02-28",
      "2025-02-27",
      "2025-02-26",
      "2025-02-25",
      "2025-02-24",
    ]);
    for (const query of queries())
      expect(query).to.include({ IndexName: "by-time", ScanIndexForward: false });
  });

  it("end when there are enough", async () => {
    table
      .on(QueryCommand)
      .resolvesOnce({ Items: [{ id: "c" }, { id: "b" }] })
      .resolvesOnce({ Items: [{ id: "a" }] });
    expect((await recent(3)).map(({ id }) => id)).to.deep.equal(["c", "b", "a"]);
    expect(queries().map(({ Limit }) => Limit)).to.deep.equal([3, 1]);
  });

  it("keep to themselves how they are stored", async () => {
    table
      .on(QueryCommand)
      .resolvesOnce({ Items: [{ id: "a", title: "t", day: "2025-03-02", expiresAt: 1 }] });
    expect(await recent(1)).to.deep.equal([{ id: "a", title: "t" }]);
  });
});
