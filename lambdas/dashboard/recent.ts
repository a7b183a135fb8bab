import { type DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { BY_TIME, type Item } from "../item.ts";

const DAY_MS = 24 * 3600_000;
const DAYS = 7;

/** What the page shows of an item: when DynamoDB deletes it is nobody's business. */
export type ListedItem = Omit<Item, "day" | "expiresAt">;

/** The most recent items of the last week, newest first, at most `limit`. */
export async function recentItems(
  table: Pick<DynamoDBDocumentClient, "send">,
  options: { tableName: string; limit: number; now: () => number },
): Promise<ListedItem[]> {
  const items: ListedItem[] = [];
  const today = options.now();
  for (let ago = 0; ago < DAYS && items.length < options.limit; ago++) {
    const day = new Date(today - ago * DAY_MS).toISOString().slice(0, 10);
    const { Items = [] } = await table.send(
      new QueryCommand({
        TableName: options.tableName,
        IndexName: BY_TIME,
        KeyConditionExpression: "#day = :day",
        ExpressionAttributeNames: { "#day": "day" },
        ExpressionAttributeValues: { ":day": day },
        ScanIndexForward: false,
        Limit: options.limit - items.length,
      }),
    );
    items.push(...Items.map((item) => listed(item as Item)));
  }
  return items;
}

function listed({ day: _day, expiresAt: _expiresAt, ...item }: Item): ListedItem {
  return item;
}
