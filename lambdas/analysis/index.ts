import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { SNSEvent } from "aws-lambda";
import { log } from "../log.ts";
import { asksReadiness, type Readiness, type ReadinessProbe, readiness } from "../readiness.ts";
import { setting } from "../setting.ts";
import { type Analysis, analyse, type Outcome } from "./analyse.ts";
import { findItem, keepScore } from "./scores.ts";

let analysis: Analysis | undefined;

/**
 * Scores the items that the notifications of the event announce. A failure is thrown, so that Lambda tries again and
 * then keeps the event among the dead letters, with the reason.
 */
export async function handler(event: SNSEvent | ReadinessProbe): Promise<Outcome[] | Readiness> {
  analysis ??= connect();
  if (asksReadiness(event)) return readiness();
  const outcomes: Outcome[] = [];
  for (const { Sns } of event.Records) {
    try {
      outcomes.push(await analyse(Sns.Message, analysis));
    } catch (error) {
      log("error", "the notification could not be analysed", {
        messageId: Sns.MessageId,
        reason: String(error),
      });
      throw error;
    }
  }
  return outcomes;
}

function connect(): Analysis {
  const table = DynamoDBDocumentClient.from(new DynamoDBClient());
  const tableName = setting("ITEMS_TABLE");
  return { find: findItem(table, tableName), keep: keepScore(table, tableName) };
}
