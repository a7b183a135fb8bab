import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, paginateQuery, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { z } from "zod";
import type { Clock } from "../ports/clock.ts";
import type { Ledger } from "../ports/ledger.ts";
import { problem } from "../problems.ts";
import { type Entry, GENESIS, hashOf, LEDGER_EVENT } from "../promotion/events.ts";
import { trusted, understood } from "../promotion/history.ts";
import { type AwsAccess, clientSettings } from "./aws-access.ts";
import { dynamodbLease, LEASE } from "./dynamodb-lease.ts";

const HEAD = { pk: "head", sk: "head" };
/** Sort keys are compared as text: this many digits keep them in order. */
const DIGITS = 10;

type Head = { sequence: number; hash: string };

/**
 * The ledger of one environment in its DynamoDB table, beside the lease. One transaction checks the fencing token,
 * appends the entry and moves the head, so that an entry is never written by somebody whose lease is gone.
 */
export function dynamodbLedger(
  settings: { table: string; environment: string; clock: Clock },
  access: AwsAccess,
): Ledger {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(clientSettings(access)));
  const { table, environment, clock } = settings;
  let head: Head | undefined;

  async function entries(): Promise<Entry[]> {
    const found: Entry[] = [];
    const pages = paginateQuery(
      { client: documents },
      {
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": "entry" },
      },
    );
    for await (const { Items = [] } of pages) found.push(...Items.map((item) => entryOf(item, environment)));
    return found;
  }

  async function readHead(): Promise<Head> {
    const last = understood(trusted(await entries(), environment), environment).at(-1);
    return last ? { sequence: last.sequence, hash: last.hash } : { sequence: 0, hash: GENESIS };
  }

  return {
    ...dynamodbLease({ documents, table, environment, clock }),
    entries,
    async append(lease, event, promotionId = lease.promotionId) {
      head ??= await readHead();
      const unsealed = {
        sequence: head.sequence + 1,
        promotionId,
        at: clock.now().toISOString(),
        event: LEDGER_EVENT.parse(event),
        previous: head.hash,
      };
      const entry: Entry = { ...unsealed, hash: hashOf(unsealed) };
      try {
        await documents.send(new TransactWriteCommand(appending(table, lease.fence, head, entry)));
      } catch (error) {
        head = undefined;
        if (leaseFailed(error)) throw problem("lease-lost", { environment }, error);
        throw error;
      }
      head = { sequence: entry.sequence, hash: entry.hash };
      return entry;
    },
  };
}

/** The transaction. Its token makes a retry after a lost answer harmless: DynamoDB does it once. */
function appending(table: string, fence: number, head: Head, entry: Entry) {
  const { event, ...rest } = entry;
  const sk = String(entry.sequence).padStart(DIGITS, "0");
  const item = { pk: "entry", sk, type: event.type, ...rest, event: JSON.stringify(event) };
  const moved = { ...HEAD, sequence: entry.sequence, hash: entry.hash };
  const follows =
    head.sequence === 0 ? "attribute_not_exists(pk)" : "#sequence = :sequence AND #hash = :hash";
  return {
    ClientRequestToken: randomUUID(),
    TransactItems: [
      {
        ConditionCheck: {
          TableName: table,
          Key: LEASE,
          ConditionExpression: "fence = :fence AND held = :held",
          ExpressionAttributeValues: { ":fence": fence, ":held": true },
        },
      },
      { Put: { TableName: table, Item: item, ConditionExpression: "attribute_not_exists(pk)" } },
      {
        Put: {
          TableName: table,
          Item: moved,
          ConditionExpression: follows,
          ...(head.sequence === 0
            ? {}
            : {
                ExpressionAttributeNames: { "#sequence": "sequence", "#hash": "hash" },
                ExpressionAttributeValues: { ":sequence": head.sequence, ":hash": head.hash },
              }),
        },
      },
    ],
  };
}

function leaseFailed(error: unknown): boolean {
  if (!(error instanceof Error) || error.name !== "TransactionCanceledException") return false;
  const reasons = (error as { CancellationReasons?: { Code?: string }[] }).CancellationReasons;
  return reasons?.[0]?.Code === "ConditionalCheckFailed";
}

const STORED = z.object({
  sequence: z.int().positive(),
  promotionId: z.string(),
  at: z.iso.datetime(),
  event: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(z.looseObject({ type: z.string() })),
  previous: z.string(),
  hash: z.string(),
});

/**
 * An entry as stored. Its event is kept as it was written, so that the chain can be checked whatever fields it has; it may
 * even be of a type that only a newer version knows.
 */
function entryOf(item: Record<string, unknown>, environment: string): Entry {
  try {
    return STORED.parse(item) as Entry;
  } catch (error) {
    throw problem("chain-broken", { environment, sequence: Number(item.sk) }, error);
  }
}
