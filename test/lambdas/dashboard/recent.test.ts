import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { type Cursor, readCursor } from "../../../lambdas/dashboard/cursor.ts";
import { recentItems } from "../../../lambdas/dashboard/recent.ts";

const NOW = Date.UTC(2025, 2, 2, 0, 30);

describe("the recent items", () => {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: "us-east-1" }));
  const table = mockClient(client);
  const recent = (limit: number, after?: Cursor) =>
    recentItems(client, { tableName: "items", limit, after, now: () => NOW });
  const item = (day: string, id: string) => ({ id: id.repeat(64), day, publishedAt: `${day}T00:00:00.000Z` });
  const queries = () => table.commandCalls(QueryCommand).map(({ args }) => args[0].input);

  beforeEach(() => {
    table.reset();
    table.on(QueryCommand).resolves({ Items: [] });
  });

  it("are looked for one day after the other, for a week, newest first", async () => {
    expect(await recent(20)).to.deep.equal({ items: [], next: null });
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

  it("end when there are enough, and say where they go on", async () => {
    table
      .on(QueryCommand)
      .resolvesOnce({ Items: [item("2025-03-02", "c"), item("2025-03-02", "b")] })
      .resolvesOnce({ Items: [item("2025-03-01", "a")] });
    const { items, next } = await recent(3);
    expect(items.map(({ id }) => id[0])).to.deep.equal(["c", "b", "a"]);
    expect(queries().map(({ Limit }) => Limit)).to.deep.equal([3, 1]);
    expect(readCursor(next ?? "")).to.deep.equal(item("2025-03-01", "a"));
  });

  it("go on after an item, not with it, and look at no later day again", async () => {
    await recent(3, item("2025-02-27", "a"));
    expect(
      queries().map(({ ExpressionAttributeValues }) => ExpressionAttributeValues?.[":day"]),
    ).to.deep.equal(["2025-02-27", "2025-02-26", "2025-02-25", "2025-02-24"]);
    expect(queries().map(({ ExclusiveStartKey }) => ExclusiveStartKey)).to.deep.equal([
      item("2025-02-27", "a"),
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("are none after an item of long ago", async () => {
    expect(await recent(3, item("2020-01-01", "a"))).to.deep.equal({ items: [], next: null });
    expect(queries()).to.deep.equal([]);
  });

  it("keep to themselves how they are stored", async () => {
    const stored = { id: "a", title: "t", day: "2025-03-02", expiresAt: 1, announcedAt: "x", score: 0.5 };
    table
      .on(QueryCommand)
      .resolvesOnce({ Items: [stored] })
      .resolves({ Items: [] });
    expect((await recent(2)).items).to.deep.equal([{ id: "a", title: "t", score: 0.5 }]);
  });
});
