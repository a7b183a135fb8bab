import { readdirSync } from "node:fs";
import { join } from "node:path";
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DeleteCommand, DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import type { Counts } from "../../lambdas/ingestion/ingest.ts";
import type { Item } from "../../lambdas/item.ts";
import { clientSettings } from "../../orchestrator/adapters/aws-access.ts";
import { eventually } from "../emulator/emulator-fixture.ts";
import { type Service, service } from "./service-fixture.ts";

const NEWS = join(import.meta.dirname, "../../rehearsal/news");

/** Every file of the rehearsed news: what one ingestion of it must count, whatever was there before. */
const FIXTURES: [
  name: string,
  counts: Pick<Counts, "fetched" | "skipped" | "rateLimited">,
  usable: number,
][] = [
  ["happy", { fetched: 5, skipped: 0, rateLimited: false }, 5],
  ["empty", { fetched: 0, skipped: 0, rateLimited: false }, 0],
  ["missing-fields", { fetched: 5, skipped: 3, rateLimited: false }, 2],
  ["rate-limited", { fetched: 0, skipped: 0, rateLimited: true }, 0],
  ["markup", { fetched: 5, skipped: 1, rateLimited: false }, 4],
  ["duplicates", { fetched: 4, skipped: 0, rateLimited: false }, 2],
  ["removed", { fetched: 3, skipped: 2, rateLimited: false }, 1],
  ["dates", { fetched: 3, skipped: 0, rateLimited: false }, 3],
  ["characters", { fetched: 4, skipped: 0, rateLimited: false }, 4],
  ["bulk", { fetched: 100, skipped: 0, rateLimited: false }, 100],
];

describe("the service on one machine", function () {
  this.timeout(240_000);
  let at: Service;
  const table = () => ({
    documents: DynamoDBDocumentClient.from(new DynamoDBClient(clientSettings(at.access))),
    TableName: `${at.environment}-sentiment-items`,
  });
  const all = async () => {
    const { documents, TableName } = table();
    const items: Item[] = [];
    let ExclusiveStartKey: Record<string, unknown> | undefined;
    do {
      const page = await documents.send(new ScanCommand({ TableName, ExclusiveStartKey }));
      items.push(...((page.Items ?? []) as Item[]));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return items;
  };
  const empty = async () => {
    const { documents, TableName } = table();
    for (const { id } of await all()) await documents.send(new DeleteCommand({ TableName, Key: { id } }));
  };
  const scored = (patienceMs = 30_000) =>
    eventually(async () => {
      const items = await all();
      return items.every(({ label }) => label !== undefined) && items;
    }, patienceMs);
  const deadLetters = async () => {
    const sqs = new SQSClient(clientSettings(at.access));
    const QueueName = `${at.environment}-sentiment-analysis-dlq`;
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
    const names = ["ApproximateNumberOfMessages" as const];
    const about = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: names }));
    return Number(about.Attributes?.ApproximateNumberOfMessages);
  };

  before(async function () {
    this.timeout(900_000); // a fresh machine builds the engine first
    at = await service();
    // Its validation took news in, and so did other suites that share it.
    await scored();
    await empty();
  });

  it("is given every fixture that there is", () => {
    const files = readdirSync(NEWS)
      .filter((file) => file.endsWith(".json"))
      .map((file) => file.replace(".json", ""));
    expect([...FIXTURES.map(([name]) => name), "failing"]).to.have.members([...files, "bulk"]);
  });

  it("has nothing left to change after it was deployed", async () => {
    expect(await at.promote()).to.include({ outcome: "unchanged" });
  });

  for (const [query, counts, usable] of FIXTURES) {
    it(`takes the news that are ${query} as they are, once, and scores what is of use`, async () => {
      const before = new Map((await all()).map((item) => [item.id, item]));
      const first = await at.invoke<Counts>("ingestion", { query });
      expect(first).to.include(counts);
      expect(first.stored + first.known).to.equal(counts.fetched - counts.skipped);
      const added = (await scored()).filter(({ id }) => !before.has(id));
      expect(added).to.have.length(first.stored);
      expect(first.announced).to.equal(first.stored);
      const again = await at.invoke<Counts>("ingestion", { query });
      expect(again).to.include({ stored: 0, announced: 0, known: counts.fetched - counts.skipped });
      expect((await all()).length).to.equal(before.size + first.stored);
      expect(first.stored).to.equal(usable);
      expect(await deadLetters()).to.equal(0);
    });
  }

  it("fails when the news service does, and has stored nothing of it", async () => {
    const before = (await all()).length;
    const failed = await at.invoke("ingestion", { query: "failing" }).catch((error: Error) => error.message);
    expect(failed).to.include("The news service answered 500 unexpectedError.");
    expect((await all()).length).to.equal(before);
  });

  it("takes a thousand articles, stores every one once and scores it", async () => {
    const before = (await all()).length;
    const began = performance.now();
    const counts = await at.invoke<Counts>("ingestion", { query: "bulk-1000", pages: 10 });
    const stored = performance.now();
    expect(counts).to.include({ fetched: 1000, skipped: 0, rateLimited: false });
    const items = await scored(120_000);
    const done = performance.now();
    expect(items.length).to.equal(before + counts.stored);
    const bulk = items.filter(({ url }) => url.includes("/bulk/"));
    expect(new Set(bulk.map(({ url }) => url)).size).to.equal(1000);
    for (const { score } of bulk) expect(score).to.be.within(-1, 1);
    expect(await deadLetters()).to.equal(0);
    const seconds = (from: number, to: number) => `${((to - from) / 1000).toFixed(1)} s`;
    process.stdout.write(
      `    1,000 articles: stored and announced in ${seconds(began, stored)}, all scored ${seconds(stored, done)} later\n`,
    );
  });

  it("lists every item exactly once, page after page", async () => {
    const listed: string[] = [];
    let after = "";
    do {
      const { items, next } = await at.get<{ items: Item[]; next: string | null }>(
        `/api/items?limit=100${after}`,
      );
      listed.push(...items.map(({ id }) => id));
      after = next ? `&after=${next}` : "";
    } while (after);
    expect(listed).to.have.members((await all()).map(({ id }) => id));
    expect(new Set(listed).size).to.equal(listed.length);
  });

  it("rings no alarm over all of that", async () => {
    const { MetricAlarms = [] } = await new CloudWatchClient(clientSettings(at.access)).send(
      new DescribeAlarmsCommand({ AlarmNamePrefix: `${at.environment}-` }),
    );
    expect(MetricAlarms.filter(({ StateValue }) => StateValue === "ALARM")).to.deep.equal([]);
    expect(MetricAlarms).to.have.length(11);
  });
});
