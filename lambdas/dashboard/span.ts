import { type DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { BY_TIME } from "../item.ts";
import type { Scored } from "./summary.ts";

const DAY_MS = 24 * 3600_000;
/** A day with more items is read up to here, newest first: a summary must not take longer than a request may. */
const MOST_A_DAY = 5_000;

/** What a summary needs of all items from `from` to `to` (milliseconds since 1970), one query a day, all days at once. */
export async function itemsBetween(
  table: Pick<DynamoDBDocumentClient, "send">,
  tableName: string,
  span: { from: number; to: number },
): Promise<Scored[]> {
  const days: string[] = [];
  for (let time = span.from; time < span.to + DAY_MS; time += DAY_MS) {
    const day = new Date(Math.min(time, span.to - 1)).toISOString().slice(0, 10);
    if (!days.includes(day)) days.push(day);
  }
  return (await Promise.all(days.map((day) => itemsOf(day, table, tableName)))).flat();
}

async function itemsOf(
  day: string,
  table: Pick<DynamoDBDocumentClient, "send">,
  TableName: string,
): Promise<Scored[]> {
  const items: Scored[] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await table.send(
      new QueryCommand({
        TableName,
        IndexName: BY_TIME,
        KeyConditionExpression: "#day = :day",
        ProjectionExpression: "publishedAt, #source, #score, #label",
        ExpressionAttributeNames: {
          "#day": "day",
          "#source": "source",
          "#score": "score",
          "#label": "label",
        },
        ExpressionAttributeValues: { ":day": day },
        ScanIndexForward: false,
        ExclusiveStartKey,
      }),
    );
    items.push(...(Items as Scored[]));
    ExclusiveStartKey = LastEvaluatedKey;
  } while (ExclusiveStartKey && items.length < MOST_A_DAY);
  return items;
}
