import type { FoundationSettings } from "./settings.ts";
import { deny, type Statement, where } from "./statement.ts";

/** Whatever else somebody of this environment is given one day: nothing of another, by its name or by its tag. */
export function othersDenied({ others, project }: FoundationSettings): Statement[] {
  if (others.length === 0) return [];
  return [
    deny("OtherEnvironments", "*", ...others.flatMap((other) => namesOf(other, project))),
    // Keys and cost monitors have no names, but a tag.
    where({ StringEquals: { "aws:ResourceTag/environment": others } }, deny("OthersByTag", "*", "*")),
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
    ...["policy", "role", "user"].flatMap((kind) => [
      `arn:aws:iam::*:${kind}/${environment}-*`,
      `arn:aws:iam::*:${kind}/${project}-${environment}-*`,
    ]),
    `arn:aws:kms:*:*:alias/${environment}-*`,
    `arn:aws:lambda:*:*:function:${environment}-*`,
    `arn:aws:logs:*:*:log-group:/aws/lambda/${environment}-*`,
    `arn:aws:secretsmanager:*:*:secret:${environment}-*`,
    `arn:aws:sns:*:*:${environment}-*`,
    `arn:aws:sqs:*:*:${environment}-*`,
  ];
}
