import { entrance, inPullRequest } from "./entrance.ts";
import { othersDenied } from "./others.ts";
import type { Known, Principal } from "./principal.ts";
import type { FoundationSettings } from "./settings.ts";
import { allow, deny } from "./statement.ts";

/**
 * Whoever previews a pull request: it reads the stack's state and what is deployed, and changes nothing. What runs as it was
 * written by whoever opened the request: it must not be able to read a secret, nor what people's data is.
 */
export function previewReader(settings: FoundationSettings, known: Known<unknown>): Principal {
  const { environment: env, stateBucket, stateFolder } = settings;
  const state = `arn:aws:s3:::${stateBucket}`;
  const packages = `arn:aws:s3:::${settings.packagesBucket}`;
  return {
    ...entrance("preview-reader", settings, known, inPullRequest),
    allow: [
      allow("State", ["s3:GetBucketLocation", "s3:ListBucket"], state),
      allow("StateOfStack", "s3:GetObject", `${state}${stateFolder}/*`),
      // What runs was made by the program of its release.
      allow("Releases", "s3:GetObject", `${packages}/*`),
      allow("WhatIsThere", "s3:ListBucket", packages),
      // Which gates a promotion would meet: holds, quarantine, what runs. The ledger holds no data of people's.
      allow(
        "Ledger",
        ["dynamodb:GetItem", "dynamodb:Query"],
        `arn:aws:dynamodb:*:*:table/${settings.ledgerTable}`,
      ),
      allow("Tables", READS.tables, `arn:aws:dynamodb:*:*:table/${env}-*`),
      allow("Functions", READS.functions, `arn:aws:lambda:*:*:function:${env}-*`),
      allow("Topics", READS.topics, `arn:aws:sns:*:*:${env}-*`),
      allow("Queues", READS.queues, `arn:aws:sqs:*:*:${env}-*`),
      allow("Rules", READS.rules, `arn:aws:events:*:*:rule/${env}-*`),
      allow("Roles", READS.roles, `arn:aws:iam::*:role/${env}-*`),
      allow("Dashboards", "cloudwatch:GetDashboard", `arn:aws:cloudwatch::*:dashboard/${env}-*`),
      allow("Alarms", "cloudwatch:ListTagsForResource", `arn:aws:cloudwatch:*:*:alarm:${env}-*`),
      allow("LogGroups", "logs:ListTagsForResource", `arn:aws:logs:*:*:log-group:/aws/lambda/${env}-*`),
      allow("AnyName", READS.anyName, "*"),
    ],
    deny: [
      ...othersDenied(settings),
      deny("NoSecrets", ["kms:*", "secretsmanager:*", "ssm:Get*"], "*"),
      deny(
        "NoItems",
        ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:PartiQL*", "dynamodb:Query", "dynamodb:Scan"],
        "arn:aws:dynamodb:*:*:table/*-sentiment-*",
      ),
      deny(
        "NoData",
        ["lambda:Invoke*", "logs:FilterLogEvents", "logs:GetLogEvents", "sqs:ReceiveMessage"],
        "*",
      ),
    ],
  };
}

/** What a preview that refreshes asks of each kind of resource. */
const READS = {
  tables: [
    "dynamodb:DescribeContinuousBackups",
    "dynamodb:DescribeTable",
    "dynamodb:DescribeTimeToLive",
    "dynamodb:ListTagsOfResource",
  ],
  functions: [
    "lambda:GetAlias",
    "lambda:GetFunction",
    "lambda:GetFunctionCodeSigningConfig",
    "lambda:GetFunctionConfiguration",
    "lambda:GetFunctionEventInvokeConfig",
    "lambda:GetFunctionUrlConfig",
    "lambda:GetPolicy",
    "lambda:ListVersionsByFunction",
  ],
  topics: ["sns:GetTopicAttributes", "sns:ListTagsForResource"],
  queues: ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueueTags"],
  rules: ["events:DescribeRule", "events:ListTagsForResource", "events:ListTargetsByRule"],
  roles: ["iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies"],
  anyName: [
    "ce:GetAnomalyMonitors",
    "ce:GetAnomalySubscriptions",
    "ce:ListTagsForResource",
    "cloudwatch:DescribeAlarms",
    "logs:DescribeLogGroups",
    "sns:GetSubscriptionAttributes",
    "sts:GetCallerIdentity",
  ],
};
