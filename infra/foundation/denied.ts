import type { FoundationSettings } from "./settings.ts";
import { deny, type Statement } from "./statement.ts";

/**
 * What the deployer may never do, whatever else it is given one day: reach another environment, or change what its own
 * environment stands on.
 */
export function denied(settings: FoundationSettings): Statement[] {
  const buckets = [settings.stateBucket, settings.packagesBucket].map((bucket) => `arn:aws:s3:::${bucket}`);
  return [
    deny("OtherEnvironments", "*", ...settings.others.flatMap((other) => namesOf(other, settings.project))),
    deny(
      "LedgerStays",
      ["dynamodb:DeleteTable", "dynamodb:UpdateTable", "dynamodb:UpdateContinuousBackups"],
      `arn:aws:dynamodb:*:*:table/${settings.ledgerTable}`,
    ),
    deny(
      "BucketsStay",
      [
        "s3:DeleteBucket",
        "s3:DeleteBucketPolicy",
        "s3:PutBucketPolicy",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutBucketVersioning",
        "s3:PutLifecycleConfiguration",
        "s3:DeleteObjectVersion",
      ],
      ...buckets,
      ...buckets.map((bucket) => `${bucket}/*`),
    ),
  ];
}

// A bucket carries its environment at the end or in the middle of its name: without the first two patterns, the ones
// that end in it would be open.
function namesOf(environment: string, project: string): string[] {
  return [
    `arn:aws:s3:::*-${environment}`,
    `arn:aws:s3:::*-${environment}/*`,
    `arn:aws:s3:::*-${environment}-*`,
    `arn:aws:s3:::${environment}-*`,
    `arn:aws:cloudwatch:*:*:alarm:${environment}-*`,
    `arn:aws:cloudwatch::*:dashboard/${environment}-*`,
    `arn:aws:dynamodb:*:*:table/${environment}-*`,
    `arn:aws:events:*:*:rule/${environment}-*`,
    `arn:aws:iam::*:policy/${environment}-*`,
    `arn:aws:iam::*:role/${environment}-*`,
    `arn:aws:iam::*:user/${project}-${environment}-*`,
    `arn:aws:kms:*:*:alias/${environment}-*`,
    `arn:aws:lambda:*:*:function:${environment}-*`,
    `arn:aws:logs:*:*:log-group:/aws/lambda/${environment}-*`,
    `arn:aws:secretsmanager:*:*:secret:${environment}-*`,
    `arn:aws:sns:*:*:${environment}-*`,
    `arn:aws:sqs:*:*:${environment}-*`,
  ];
}
