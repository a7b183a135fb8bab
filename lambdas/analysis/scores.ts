import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { Analysis } from "./analyse.ts";

type Table = Pick<DynamoDBDocumentClient, "send">;

/** Reads of an item what is scored. The read is consistent: the notification can be faster than a replica. */
export function findItem(table: Table, TableName: string): Analysis["find"] {
  return async (id) => {
    const { Item } = await table.send(
      new GetCommand({
        TableName,
        Key: { id },
        ConsistentRead: true,
        ProjectionExpression: "title, description, model",
      }),
    );
    return Item as Awaited<ReturnType<Analysis["find"]>>;
  };
}

/** Writes a score only onto an item that is there and that this model has not scored: SNS may deliver twice. */
export function keepScore(table: Table, TableName: string): Analysis["keep"] {
  return async (id, { score, label, model }) => {
    try {
      await table.send(
        new UpdateCommand({
          TableName,
          Key: { id },
          UpdateExpression: "SET #score = :score, #label = :label, #model = :model",
          ConditionExpression: "attribute_exists(id) AND (attribute_not_exists(#model) OR #model <> :model)",
          ExpressionAttributeNames: { "#score": "score", "#label": "label", "#model": "model" },
          ExpressionAttributeValues: { ":score": score, ":label": label, ":model": model },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };
}
