import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { Item } from "../item.ts";

const AT_ONCE = 10;

/** Stores the items that are not there yet and returns those: storing an item a second time changes nothing. */
export async function storeNew(
  table: Pick<DynamoDBDocumentClient, "send">,
  tableName: string,
  items: Item[],
): Promise<Item[]> {
  const stored: Item[] = [];
  for (let first = 0; first < items.length; first += AT_ONCE) {
    const batch = items.slice(first, first + AT_ONCE);
    const news = await Promise.all(batch.map((item) => put(table, tableName, item)));
    stored.push(...batch.filter((_, index) => news[index]));
  }
  return stored;
}

async function put(
  table: Pick<DynamoDBDocumentClient, "send">,
  tableName: string,
  item: Item,
): Promise<boolean> {
  try {
    await table.send(
      new PutCommand({
        TableName: tableName,
        Item: item,
        ConditionExpression: "attribute_not_exists(#id)",
        ExpressionAttributeNames: { "#id": "id" },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
