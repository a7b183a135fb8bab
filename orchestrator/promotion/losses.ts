import type { Change } from "../ports/engine.ts";

/**
 * Resource types whose loss is a loss of data: items, objects, keys that data is encrypted with, secrets, messages, and
 * logs, which are the evidence of what happened. A topic or a subscription holds nothing; what is lost there is made again.
 */
const HOLDS_DATA = new Set([
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:dynamodb/globalTable:GlobalTable",
  "aws:dynamodb/table:Table",
  "aws:dynamodb/tableItem:TableItem",
  "aws:efs/fileSystem:FileSystem",
  "aws:kinesis/stream:Stream",
  "aws:kms/key:Key",
  "aws:rds/cluster:Cluster",
  "aws:rds/instance:Instance",
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketObject:BucketObject",
  "aws:s3/bucketObjectv2:BucketObjectv2",
  "aws:s3/bucketV2:BucketV2",
  "aws:secretsmanager/secret:Secret",
  "aws:secretsmanager/secretVersion:SecretVersion",
  "aws:sqs/queue:Queue",
  "aws:ssm/parameter:Parameter",
]);

/** The URNs of what holds data and would be deleted or replaced. */
export const losses = (changes: Change[]): string[] => changes.filter(losesData).map(({ urn }) => urn);

const losesData = ({ type, operation }: Change) =>
  HOLDS_DATA.has(type) && (operation === "delete" || operation === "replace");
