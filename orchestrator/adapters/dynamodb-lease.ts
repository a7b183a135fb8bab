import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { z } from "zod";
import { issuesOf } from "../issues.ts";
import type { Clock } from "../ports/clock.ts";
import type { Acquisition, Holder, LeaseRecord, Ledger } from "../ports/ledger.ts";
import { problem } from "../problems.ts";

export const LEASE = { pk: "lease", sk: "lease" };

const RECORD = z.object({
  held: z.boolean(),
  holder: z.object({ who: z.string(), host: z.string(), run: z.string(), promotionId: z.string() }),
  fence: z.number(),
  beat: z.number(),
  since: z.string(),
  durationMs: z.number(),
});
type Stored = z.infer<typeof RECORD>;

type Settings = { documents: DynamoDBDocumentClient; table: string; environment: string; clock: Clock };

/** The lease half of the ledger: one item whose fencing token rises with every acquisition and is never reused. */
export function dynamodbLease({
  documents,
  table,
  environment,
  clock,
}: Settings): Omit<Ledger, "append" | "entries"> {
  async function read(): Promise<Stored | undefined> {
    const { Item } = await documents.send(
      new GetCommand({ TableName: table, Key: LEASE, ConsistentRead: true }),
    );
    if (!Item) return undefined;
    const record = RECORD.safeParse(Item);
    if (record.success) return record.data;
    throw problem("lease-unreadable", { environment, table, issues: issuesOf(record.error) });
  }

  /** Writes the lease if it still is as it was seen. Returns whether it was. */
  async function claim(seen: Stored | undefined, next: Stored): Promise<boolean> {
    const condition = seen
      ? {
          ConditionExpression: "fence = :fence AND beat = :beat AND held = :held",
          ExpressionAttributeValues: { ":fence": seen.fence, ":beat": seen.beat, ":held": seen.held },
        }
      : { ConditionExpression: "attribute_not_exists(pk)" };
    return await succeeds(new PutCommand({ TableName: table, Item: { ...LEASE, ...next }, ...condition }));
  }

  /** Changes a lease that must still be ours. */
  async function change(
    fence: number,
    expression: string,
    values: Record<string, unknown>,
  ): Promise<boolean> {
    return await succeeds(
      new UpdateCommand({
        TableName: table,
        Key: LEASE,
        UpdateExpression: expression,
        ConditionExpression: "fence = :fence AND held = :true",
        ExpressionAttributeValues: { ":fence": fence, ":true": true, ...values },
      }),
    );
  }

  async function succeeds(command: PutCommand | UpdateCommand): Promise<boolean> {
    try {
      await documents.send(command as PutCommand);
      return true;
    } catch (error) {
      if (error instanceof Error && error.name === "ConditionalCheckFailedException") return false;
      throw error;
    }
  }

  return {
    async acquire(holder: Holder, durationMs: number, over): Promise<Acquisition> {
      for (;;) {
        const seen = await read();
        const dead = over !== undefined && seen?.fence === over.fence && seen.beat === over.beat;
        if (seen?.held && seen.holder.promotionId === holder.promotionId)
          return { acquired: true, lease: { fence: seen.fence, promotionId: holder.promotionId } };
        if (seen?.held && !dead) return { acquired: false, held: recordOf(seen) };
        const fence = (seen?.fence ?? 0) + 1;
        const since = clock.now().toISOString();
        if (await claim(seen, { held: true, holder, fence, beat: 0, since, durationMs }))
          return { acquired: true, lease: { fence, promotionId: holder.promotionId } };
      }
    },
    async held() {
      const seen = await read();
      return seen?.held ? recordOf(seen) : undefined;
    },
    async beat({ fence }) {
      if (!(await change(fence, "ADD beat :one", { ":one": 1 })))
        throw problem("lease-lost", { environment });
    },
    async release({ fence }) {
      await change(fence, "SET held = :false", { ":false": false });
    },
  };
}

function recordOf({ holder, fence, beat, since, durationMs }: Stored): LeaseRecord {
  return { holder, fence, beat, since, durationMs };
}
