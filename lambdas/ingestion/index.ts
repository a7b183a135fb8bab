import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { log } from "../log.ts";
import { release } from "../release.ts";
import { apiKey } from "../secret.ts";
import { setting } from "../setting.ts";
import { type Counts, type Ingestion, ingest } from "./ingest.ts";
import { fetchNews } from "./news.ts";
import { storeNew } from "./store.ts";

let ingestion: Ingestion | undefined;

/** Runs one ingestion, whatever the event says. A failure is thrown, so that Lambda counts it and tries again. */
export async function handler(): Promise<Counts & { release: string }> {
  ingestion ??= connect();
  const counts = await ingest(ingestion);
  log("info", "ingested", counts);
  return { ...counts, release };
}

function connect(): Ingestion {
  const table = DynamoDBDocumentClient.from(new DynamoDBClient());
  const sns = new SNSClient();
  const tableName = setting("ITEMS_TABLE");
  const topic = setting("NOTIFICATIONS_TOPIC");
  const url = setting("NEWS_API_URL");
  const query = setting("NEWS_QUERY");
  const key = apiKey(new SecretsManagerClient(), setting("NEWS_API_KEY_SECRET"));
  return {
    fetchNews: async () => fetchNews({ url, query, key: await key() }),
    storeNew: (items) => storeNew(table, tableName, items),
    notify: async (ids) => {
      await sns.send(new PublishCommand({ TopicArn: topic, Message: JSON.stringify({ ids }) }));
    },
    retentionDays: Number(setting("ITEM_RETENTION_DAYS")),
    now: Date.now,
  };
}
