import { type DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { BY_TIME, type Item } from "../item.ts";
import { type Cursor, writeCursor } from "./cursor.ts";

const DAY_MS = 24 * 3600_000;
const DAYS = 7;

/** What the page shows of an item: when it was announced and when DynamoDB deletes it is nobody's business. */
export type ListedItem = Omit<Item, "day" | "expiresAt" | "announcedAt">;

/** One page of the list; `next` is the word to ask with for the page after it, null when there is none. */
export type Listed = { items: ListedItem[]; next: string | null };

/** The most recent items of the last week, newest first, at most `limit`, from the cursor on when there is one. */
export async function recentItems(
  table: Pick<DynamoDBDocumentClient, "send">,
  options: { tableName: string; limit: number; after?: Cursor; now: () => number },
): Promise<Listed> {
  const { limit, after } = options;
  const items: Item[] = [];
  const today = options.now();
  for (let ago = 0; ago < DAYS && items.length < limit; ago++) {
    const day = new Date(today - ago * DAY_MS).toISOString().slice(0, 10);
    if (after && day > after.day) continue;
    const { Items = [] } = await table.send(
      new QueryCommand({
        TableName: options.tableName,
        IndexName: BY_TIME,
        KeyConditionExpression: "#day = :day",
        ExpressionAttributeNames: { "#day": "day" },
        ExpressionAttributeValues: { ":day": day },
        ScanIndexForward: false,
        Limit: limit - items.length,
        ...(after?.day === day ? { ExclusiveStartKey: after } : {}),
      }),
    );
    items.push(...(Items as Item[]));
  }
  const last = items.at(-1);
  return {
    items: items.map(listed),
    next: last && items.length === limit ? writeCursor(last) : null,
  };
}

function listed({ day: _day, expiresAt: _expiresAt, announcedAt: _announcedAt, ...item }: Item): ListedItem {
  return item;
}
