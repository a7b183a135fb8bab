import { setTimeout as wait } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SNSClient } from "@aws-sdk/client-sns";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { log } from "../log.ts";
import { asksReadiness, type Readiness, readiness } from "../readiness.ts";
import { release } from "../release.ts";
import { type ApiKey, apiKey, withKey } from "../secret.ts";
import { setting } from "../setting.ts";
import { announceItems } from "./announce.ts";
import { type Counts, type Ingestion, ingest } from "./ingest.ts";
import { fetchPage, isKeyRefused } from "./news.ts";
import { type Order, orderOf } from "./order.ts";
import { patiently } from "./patience.ts";
import { markAnnounced, storeItem } from "./store.ts";

let connected: Connected | undefined;

/** Runs one ingestion. A failure is thrown, so that Lambda counts it and tries again. */
export async function handler(event?: unknown): Promise<(Counts & { release: string }) | Readiness> {
  connected ??= connect();
  const configured = { query: setting("NEWS_QUERY"), pages: Number(setting("NEWS_PAGES")) };
  if (asksReadiness(event)) {
    await connected.key();
    return readiness();
  }
  const counts = await ingest(connected.ingestion(orderOf(event, configured)));
  log(counts.rateLimited ? "warn" : "info", "ingested", counts);
  return { ...counts, release };
}

type Connected = { key: ApiKey; ingestion: (order: Order) => Ingestion };

function connect(): Connected {
  const table = DynamoDBDocumentClient.from(new DynamoDBClient());
  const tableName = setting("ITEMS_TABLE");
  const url = setting("NEWS_API_URL");
  const key = apiKey(new SecretsManagerClient(), setting("NEWS_API_KEY_SECRET"));
  const patience = { wait: (ms: number) => wait(ms), random: Math.random };
  const unchanging = {
    store: storeItem(table, tableName),
    announce: announceItems(new SNSClient(), setting("NOTIFICATIONS_TOPIC")),
    markAnnounced: markAnnounced(table, tableName, Date.now),
    retentionDays: Number(setting("ITEM_RETENTION_DAYS")),
    now: Date.now,
  };
  return {
    key,
    ingestion: ({ query, pages }) => ({
      ...unchanging,
      pages,
      fetchPage: (page) => {
        const ask = (used: string) => fetchPage({ url, query, page, key: used });
        return patiently(() => withKey(key, ask, isKeyRefused), patience);
      },
    }),
  };
}
