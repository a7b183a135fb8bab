import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { APIGatewayProxyStructuredResultV2, LambdaFunctionURLEvent } from "aws-lambda";
import { log } from "../log.ts";
import { apiKey } from "../secret.ts";
import { setting } from "../setting.ts";
import { recentItems } from "./recent.ts";
import { type Dashboard, respond } from "./routes.ts";
import { itemsBetween } from "./span.ts";
import { spanOf, summarise } from "./summary.ts";

let dashboard: Dashboard | undefined;

/**
 * Answers a request of the function URL, or the same event given to a version directly, which is how a version is
 * probed before it has traffic. What is unforeseen is thrown on purpose: Lambda then counts an error, which is what
 * the error alarm looks at, and the caller sees a bare 502.
 */
export async function handler(request: LambdaFunctionURLEvent): Promise<APIGatewayProxyStructuredResultV2> {
  dashboard ??= connect();
  try {
    return await respond(request, dashboard);
  } catch (error) {
    log("error", "the request could not be answered", { path: request?.rawPath, reason: String(error) });
    throw error;
  }
}

function connect(): Dashboard {
  const tableName = setting("ITEMS_TABLE");
  const table = DynamoDBDocumentClient.from(new DynamoDBClient());
  return {
    expectedKey: apiKey(new SecretsManagerClient(), setting("API_KEY_SECRET")),
    recent: (limit, after) => recentItems(table, { tableName, limit, after, now: Date.now }),
    summary: async (days) => {
      const span = spanOf(days, Date.now());
      return summarise(await itemsBetween(table, tableName, span), span);
    },
    now: Date.now,
  };
}
