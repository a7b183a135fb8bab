import { setTimeout as wait } from "node:timers/promises";
import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { DynamoDBDocumentClient, PutCommand, ScanCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { type AwsAccess, clientSettings } from "../../orchestrator/adapters/aws-access.ts";
import { type FunctionMemory, watchFunctions } from "./function-memory.ts";
import { median, type Pair } from "./pairs.ts";

const ARTICLES = 1_000;
const PAGES = ARTICLES / 100;
const PATIENCE_MS = 120_000;
/** As many requests at once as ingestion has. */
const AT_ONCE = 10;

export type Pipeline = { pairs: Pair[]; memory: Record<string, FunctionMemory> };

type Table = { documents: DynamoDBDocumentClient; TableName: string };

/**
 * A thousand articles through a deployed environment: how long until they are stored and announced, and until the last one
 * is scored. The floor is the writes alone, of the same items into a table of the same emulator, before and after.
 */
export async function pipeline(environment: string, access: AwsAccess): Promise<Pipeline> {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(clientSettings(access)));
  const named = (suffix: string) => `${environment}-sentiment-${suffix}`;
  const items: Table = { documents, TableName: named("items") };
  const stages = ["ingestion", "analysis"].map(named);
  const before = (await scan(items)).length;

  const memory = watchFunctions(stages);
  const began = performance.now();
  const { stored } = await ingest(named("ingestion"), access);
  const ingested = performance.now() - began;
  if (stored !== ARTICLES)
    throw new Error(`${stored} of ${ARTICLES} articles were new: the table was not fresh`);
  const kept = await allScored(items, before + ARTICLES);
  const scored = performance.now() - began;
  const most = memory.end();

  const rounds = [await writeAlone(documents, kept), await writeAlone(documents, kept)];
  const puts = rounds.map((round) => round.puts);
  const both = rounds.map((round) => round.puts + round.updates);
  return {
    pairs: [
      pairOf(`${ARTICLES} articles stored and announced / put alone`, ingested, puts),
      pairOf(`${ARTICLES} articles stored and scored / put and updated alone`, scored, both),
    ],
    memory: Object.fromEntries(
      Object.entries(most).map(([name, seen]) => [name.replace(named(""), ""), seen]),
    ),
  };
}

const pairOf = (what: string, ours: number, floor: number[]): Pair => ({
  what,
  ours: [ours],
  floor,
  ratio: ours / median(floor),
});

async function ingest(FunctionName: string, access: AwsAccess): Promise<{ stored: number }> {
  const event = { query: `bulk-${ARTICLES}`, pages: PAGES };
  // Asked once: the SDK would ask again after a time-out, and the second run would find everything known.
  const lambda = new LambdaClient({ ...clientSettings(access), maxAttempts: 1 });
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName, Qualifier: "live", Payload: JSON.stringify(event) }),
  );
  const text = new TextDecoder().decode(Payload);
  if (FunctionError) throw new Error(`ingestion failed: ${text}`);
  return JSON.parse(text);
}

async function allScored(table: Table, wanted: number): Promise<Record<string, unknown>[]> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const items = await scan(table);
    if (items.length === wanted && items.every(({ label }) => label !== undefined))
      return items.slice(-ARTICLES);
    if (performance.now() > end)
      throw new Error(`not every article was scored within ${PATIENCE_MS / 1_000} s`);
    await wait(250);
  }
}

async function scan({ documents, TableName }: Table): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await documents.send(new ScanCommand({ TableName, ExclusiveStartKey }));
    items.push(...(page.Items ?? []));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return items;
}

/** Milliseconds for the bare writes that storing and scoring these items take, ten at once. */
async function writeAlone(
  documents: DynamoDBDocumentClient,
  items: Record<string, unknown>[],
): Promise<{ puts: number; updates: number }> {
  const TableName = "bench-floor";
  await documents.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    }),
  );
  await waitUntilTableExists({ client: documents, maxWaitTime: 30, minDelay: 0.1 }, { TableName });
  try {
    const puts = await timeEach(items, (Item) => documents.send(new PutCommand({ TableName, Item })));
    const updates = await timeEach(items, ({ id, score = 0 }) =>
      documents.send(
        new UpdateCommand({
          TableName,
          Key: { id },
          UpdateExpression: "SET #score = :score",
          ExpressionAttributeNames: { "#score": "score" },
          ExpressionAttributeValues: { ":score": score },
        }),
      ),
    );
    return { puts, updates };
  } finally {
    await documents.send(new DeleteTableCommand({ TableName }));
  }
}

async function timeEach<T>(items: T[], write: (item: T) => Promise<unknown>): Promise<number> {
  const left = [...items];
  const began = performance.now();
  const writer = async () => {
    for (let item = left.pop(); item !== undefined; item = left.pop()) await write(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, writer));
  return performance.now() - began;
}
