import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { Ingestion } from "./ingest.ts";

type Table = Pick<DynamoDBDocumentClient, "send">;

/** Stores an item that is not there yet: storing it a second time changes nothing. */
export function storeItem(table: Table, TableName: string): Ingestion["store"] {
  return async (item) => {
    try {
      await table.send(
        new PutCommand({
          TableName,
          Item: item,
          ConditionExpression: "attribute_not_exists(id)",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return "new";
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return error.Item && !error.Item.announcedAt ? "unannounced" : "known";
    }
  };
}

/** Notes when an item was announced, unless it is gone. */
export function markAnnounced(
  table: Table,
  TableName: string,
  now: () => number,
): Ingestion["markAnnounced"] {
  return async (id) => {
    try {
      await table.send(
        new UpdateCommand({
          TableName,
          Key: { id },
          UpdateExpression: "SET announcedAt = :now",
          ConditionExpression: "attribute_exists(id)",
          ExpressionAttributeValues: { ":now": new Date(now()).toISOString() },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  };
}
