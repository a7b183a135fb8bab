import { boundaryArn } from "./function-roles.ts";
import { othersDenied } from "./others.ts";
import type { Known } from "./principal.ts";
import { FOUNDATION_FOLDER, type FoundationSettings } from "./settings.ts";
import { deny, type Statement, where } from "./statement.ts";

/** By these anybody could give himself, or somebody he makes, more than he has. */
const ESCALATIONS = [
  "iam:Add*",
  "iam:Attach*",
  "iam:CreateAccessKey",
  "iam:CreateGroup",
  "iam:CreateInstanceProfile",
  "iam:CreateLoginProfile",
  "iam:CreateOpenIDConnectProvider",
  "iam:CreatePolicy*",
  "iam:CreateSAMLProvider",
  "iam:CreateServiceLinkedRole",
  "iam:CreateServiceSpecificCredential",
  "iam:CreateUser",
  "iam:DeletePolicy*",
  "iam:DeleteRolePermissionsBoundary",
  "iam:*UserPermissionsBoundary",
  "iam:Detach*",
  "iam:PutGroupPolicy",
  "iam:PutUserPolicy",
  "iam:SetDefaultPolicyVersion",
  "iam:UpdateAccessKey",
  // AWS offers no condition about the boundary here: who may change a trust policy may be any function.
  "iam:UpdateAssumeRolePolicy",
  "iam:UpdateLoginProfile",
  "iam:UpdateOpenIDConnectProviderThumbprint",
  "iam:UpdateSAMLProvider",
  "sts:AssumeRole",
];

/** All but reading and asking. */
const CHANGES = ["Add", "Create", "Delete", "Detach", "Pass", "Put", "Set", "Tag", "Untag", "Update"].map(
  (verb) => `iam:${verb}*`,
);

/**
 * What the deployer may never do, whatever else it is given one day: reach another environment, get more rights than it
 * has, or change what its own environment stands on.
 */
export function denied(settings: FoundationSettings, { account }: Known<unknown>): Statement[] {
  const buckets = [settings.stateBucket, settings.packagesBucket].map((bucket) => `arn:aws:s3:::${bucket}`);
  const boundary = boundaryArn(settings, account);
  return [
    ...othersDenied(settings),
    deny("NoMoreRights", ESCALATIONS, "*"),
    where(
      { StringNotEquals: { "iam:PermissionsBoundary": boundary } },
      deny(
        "OnlyBoundedRoles",
        ["iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"],
        "*",
      ),
    ),
    where(
      { StringNotEquals: { "iam:PassedToService": "lambda.amazonaws.com" } },
      deny("RolesOnlyForFunctions", "iam:PassRole", "*"),
    ),
    deny("OwnRightsStay", CHANGES, ...ownRights(settings)),
    deny(
      "LedgerStays",
      [
        "dynamodb:DeleteItem",
        "dynamodb:DeleteTable",
        "dynamodb:UpdateTable",
        "dynamodb:UpdateContinuousBackups",
        "dynamodb:UpdateTimeToLive",
      ],
      `arn:aws:dynamodb:*:*:table/${settings.ledgerTable}`,
    ),
    deny(
      "BucketsStay",
      [
        "s3:DeleteBucket",
        "s3:DeleteBucketPolicy",
        "s3:DeleteObjectVersion",
        "s3:PutBucketPolicy",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutBucketVersioning",
        "s3:PutEncryptionConfiguration",
        "s3:PutLifecycleConfiguration",
      ],
      ...buckets,
      ...buckets.map((bucket) => `${bucket}/*`),
    ),
    // Who could change what the next bootstrap takes for made could make an administrator make anything.
    // They are the evidence of what happened; a release that does without a function leaves them as well.
    deny(
      "LogsOfFunctionsStay",
      "logs:DeleteLogGroup",
      `arn:aws:logs:*:*:log-group:/aws/lambda/${settings.environment}-sentiment-*`,
    ),
    deny("FoundationStays", "s3:*", `arn:aws:s3:::${settings.stateBucket}${FOUNDATION_FOLDER}/*`),
    deny(
      "KeysStay",
      ["kms:Create*", "kms:Disable*", "kms:Put*", "kms:ScheduleKeyDeletion", "kms:Update*"],
      "*",
    ),
  ];
}

function ownRights({ environment, project }: FoundationSettings): string[] {
  return [
    `arn:aws:iam::*:policy/${environment}-*`,
    `arn:aws:iam::*:role/${project}-${environment}-*`,
    `arn:aws:iam::*:user/${project}-${environment}-*`,
  ];
}
