import { PublishBatchCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { Announcement } from "../item.ts";
import { log } from "../log.ts";
import type { Ingestion } from "./ingest.ts";

/** Announces items on a topic, one notification each, at most ten in one request. Returns the ids that SNS accepted. */
export function announceItems(sns: Pick<SNSClient, "send">, TopicArn: string): Ingestion["announce"] {
  return async (ids) => {
    const { Successful = [], Failed = [] } = await sns.send(
      new PublishBatchCommand({
        TopicArn,
        PublishBatchRequestEntries: ids.map((id, index) => ({
          Id: String(index),
          Message: JSON.stringify({ id } satisfies Announcement),
        })),
      }),
    );
    if (Failed.length > 0)
      log("warn", "notifications were refused", { codes: Failed.map(({ Code }) => Code) });
    return Successful.map(({ Id }) => ids[Number(Id)] as string);
  };
}
