import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { type Renaming, renamePath, renameProperties } from "./renaming.ts";
import { bridgedType } from "./tokens.ts";

/**
 * Where a property of `@pulumi/aws` (left) is called otherwise in the bridge (right), found by comparing the two schemas
 * type by type; everything else has the same name and shape. A path goes through lists by `[]`; a name that ends in
 * `[0]` is a list there, of which there is at most one element, where `@pulumi/aws` has that element itself.
 */
export const RENAMED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "aws:cloudwatch/metricAlarm:MetricAlarm": { name: "alarmName" },
  "aws:dynamodb/table:Table": {
    globalSecondaryIndexes: "globalSecondaryIndices",
    localSecondaryIndexes: "localSecondaryIndices",
  },
  "aws:lambda/eventSourceMapping:EventSourceMapping": { queues: "queues[0]" },
  "aws:lambda/function:Function": { name: "functionName" },
  "aws:lambda/permission:Permission": { function: "functionName" },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
    "rules[].abortIncompleteMultipartUpload": "rules[].abortIncompleteMultipartUploads[0]",
    "rules[].expiration": "rules[].expirations[0]",
    "rules[].filter": "rules[].filters[0]",
    "rules[].filter.and": "rules[].filters[0].ands[0]",
    "rules[].filter.tag": "rules[].filters[0].tags[0]",
    "rules[].noncurrentVersionExpiration": "rules[].noncurrentVersionExpirations[0]",
  },
  "aws:sns/topicSubscription:TopicSubscription": { topic: "topicArn" },
};

/**
 * What the programs set for AWS's sake and a rehearsal does without, since the Terraform provider is older than the
 * SDK. Each weakens what a rehearsal shows, so each is said here; any other unknown property is refused.
 */
export const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  // Narrows a grant to calls through the function's URL; here the grant is for every way of calling.
  "aws:lambda/permission:Permission": ["invokedViaFunctionUrl"],
};

/** Results of data sources that `@pulumi/aws` 7 calls otherwise; the old name is kept beside the new one there, too. */
export const ALSO_CALLED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "aws:index/getRegion:getRegion": { name: "region" },
};

/** Carries the properties of one resource type and the paths to them over to the other side's names. */
export type Translator = {
  /** Renames in place; undefined and properties that are not there are left alone. */
  struct(struct: Struct | undefined): void;
  /** `rules[0].filter.prefix` → `rules[0].filters[0].prefix` */
  path(path: string): string;
  /** What the bridge calls the id of the resource, a property that `@pulumi/aws` does not have. */
  ownId: string;
};

/** From `@pulumi/aws`, that is from the engine, to the bridge. */
export function toBridge(type: string): Translator {
  return translator(
    type,
    Object.entries(RENAMED[type] ?? {}).map(([from, to]) => ({ from, to })),
  );
}

/** From the bridge back to `@pulumi/aws`. */
export function fromBridge(type: string): Translator {
  return translator(
    type,
    Object.entries(RENAMED[type] ?? {}).map(([to, from]) => ({ from, to })),
  );
}

function translator(type: string, table: Renaming[]): Translator {
  const depth = ({ from }: Renaming) => from.split(".").length;
  const renamings = table.sort((a, b) => depth(b) - depth(a));
  return {
    ownId: `${/\/(\w+):/.exec(bridgedType(type))?.[1]}Id`,
    struct(struct) {
      if (struct !== undefined) for (const renaming of renamings) renameProperties(struct, renaming);
    },
    path(path) {
      return renamings.reduce(renamePath, path);
    },
  };
}
