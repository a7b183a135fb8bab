import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { itemsBetween } from "../../../lambdas/dashboard/span.ts";
import { type Scored, spanOf, summarise } from "../../../lambdas/dashboard/summary.ts";

const NOW = Date.UTC(2025, 10, 20, 12, 30);
const item = (time: string, label?: Scored["label"], score?: number, source = "A"): Scored => ({
  publishedAt: `2025-11-${time}:00.000Z`,
  source,
  ...(label ? { label, score } : {}),
});

describe("a summary", () => {
  it("of a day has an hour in each column, and the present one is the last", () => {
    const { from, to, bucketHours, overTime } = summarise([], spanOf(1, NOW));
    expect([from, to, bucketHours]).to.deep.equal([
      "2025-11-19T13:00:00.000Z",
      "2025-11-20T13:00:00.000Z",
      1,
    ]);
    expect(overTime).to.have.length(24);
    expect(overTime.at(-1)?.start).to.equal("2025-11-20T12:00:00.000Z");
  });

  it("of more days has six hours in each column", () => {
    const { bucketHours, overTime } = summarise([], spanOf(7, NOW));
    expect([bucketHours, overTime.length]).to.deep.equal([6, 28]);
  });

  it("counts what is in its span, when it was, how it felt and who said it", () => {
    const summary = summarise(
      [
        item("20T12:10", "positive", 0.8),
        item("20T12:20", "negative", -0.4, "B"),
        item("20T11:59", "neutral", 0),
        item("20T11:00"),
        item("19T12:59", "positive", 1),
      ],
      spanOf(1, NOW),
    );
    expect(summary).to.deep.include({
      items: 4,
      scored: 3,
      positive: 1,
      neutral: 1,
      negative: 1,
      average: 0.133,
    });
    expect(summary.overTime.slice(-2)).to.deep.equal([
      { start: "2025-11-20T11:00:00.000Z", positive: 0, neutral: 1, negative: 0, average: 0 },
      { start: "2025-11-20T12:00:00.000Z", positive: 1, neutral: 0, negative: 1, average: 0.2 },
    ]);
    expect(summary.bySource).to.deep.equal([
      { source: "A", items: 3, positive: 1, neutral: 1, negative: 0, average: 0.4 },
      { source: "B", items: 1, positive: 0, neutral: 0, negative: 1, average: -0.4 },
    ]);
  });

  it("of nothing has no average", () => {
    expect(summarise([], spanOf(1, NOW))).to.deep.include({ items: 0, average: null, bySource: [] });
  });

  it("names a dozen sources, those with the most items", () => {
    const items = Array.from({ length: 40 }, (_, n) => item("20T12:00", "neutral", 0, `S${n % 20}`));
    const { bySource } = summarise([...items, item("20T12:00", "neutral", 0, "S19")], spanOf(1, NOW));
    expect(bySource).to.have.length(12);
    expect(bySource[0]).to.include({ source: "S19", items: 3 });
  });

  it("survives a source with a strange name", () => {
    const { bySource } = summarise([item("20T12:00", "neutral", 0, "__proto__")], spanOf(1, NOW));
    expect(bySource.map(({ source }) => source)).to.deep.equal(["__proto__"]);
  });

  it("is read by day, all pages of each", async () => {
    const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: "us-east-1" }));
    const table = mockClient(client);
    table.on(QueryCommand).resolves({ Items: [item("19T10:00")] });
    table
      .on(QueryCommand, { ExpressionAttributeValues: { ":day": "2025-11-20" } })
      .resolvesOnce({ Items: [item("20T10:00")], LastEvaluatedKey: { id: "x" } })
      .resolves({ Items: [item("20T09:00")] });
    expect(await itemsBetween(client, "items", spanOf(1, NOW))).to.have.length(3);
    const days = (calls: typeof NOW) =>
      table
        .commandCalls(QueryCommand)
        .slice(0, calls)
        .map(({ args }) => args[0].input);
    const asked = days(10).map(({ ExpressionAttributeValues }) => ExpressionAttributeValues?.[":day"]);
    expect(asked.toSorted()).to.deep.equal(["2025-11-19", "2025-11-20", "2025-11-20"]);
  });
});
