import { type Judged, violations } from "../../infra/policy/rules.ts";
import type { Change, Plan } from "../ports/engine.ts";

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

/** The changes of a plan by which data would be lost. */
export const losing = ({ changes }: Pick<Plan, "changes">): Change[] =>
  changes.filter(
    ({ type, operation }) => HOLDS_DATA.has(type) && (operation === "delete" || operation === "replace"),
  );

/** The rules of the stack that a plan would break, each with the resource and what is wrong. */
export const brokenRules = ({ changes }: Pick<Plan, "changes">, environment: string): string[] =>
  violations({ environment, resources: changes.flatMap(judged) });

/** What the plan would have there, as the rules look at it. A component asks AWS for nothing. */
function judged({ urn, type, inputs, protect }: Change): Judged[] {
  if (inputs === undefined || !type.startsWith("aws:")) return [];
  return [{ type, name: urn.split("::").at(-1) ?? urn, inputs, protect }];
}
