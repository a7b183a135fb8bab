import aws from "@pulumi/aws";
import { serviceName } from "./names.ts";
import type { Settings } from "./settings.ts";

/** The table of news items, and its index that lists a day's items by time. */
export function itemsTable({ environment, tags }: Settings): aws.dynamodb.Table {
  return new aws.dynamodb.Table(
    "items",
    {
      name: serviceName(environment, "items"),
      billingMode: "PAY_PER_REQUEST",
      hashKey: "id",
      attributes: [
        { name: "id", type: "S" },
        { name: "day", type: "S" },
        { name: "publishedAt", type: "S" },
      ],
      globalSecondaryIndexes: [
        { name: "by-time", hashKey: "day", rangeKey: "publishedAt", projectionType: "ALL" },
      ],
      ttl: { attributeName: "expiresAt", enabled: true },
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true },
      deletionProtectionEnabled: true,
      tags,
    },
    { protect: true },
  );
}
