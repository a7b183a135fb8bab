import type { Place } from "../place.ts";
import { type Kind, type Kinds, on, tagOf } from "./kind.ts";

/** What keeps data: buckets, tables, secrets, keys. */
export const data: Kinds = (place) => [
  bucket("state bucket", place.stateBucket, `${place.environment}/.pulumi/stacks/some.json`),
  // What the next bootstrap takes for made: who could write there could have an administrator make anything.
  {
    kind: "foundation's state",
    classes: {
      read: on(`arn:aws:s3:::${place.stateBucket}/.foundation/.pulumi/stacks/some.json`, ["s3:GetObject"]),
      write: on(`arn:aws:s3:::${place.stateBucket}/.foundation/.pulumi/stacks/some.json`, [
        "s3:PutObject",
        "s3:DeleteObject",
      ]),
    },
  },
  bucket("packages bucket", place.packagesBucket, "releases/0a1b2c3/manifest.json"),
  // A policy may name buckets by the beginning, the end or the middle of their names: all three must be seen.
  ...[`${place.environment}-x`, `x-${place.environment}`, `x-${place.environment}-y`].map((name, at) =>
    anyBucket(["first", "last", "middle"][at] ?? "", name),
  ),
  table("ledger", tableArn(place, place.ledgerTable)),
  table("items table", tableArn(place, `${place.environment}-sentiment-items`)),
  secret("news key", secretArn(place, place.newsSecret)),
  secret("health key", secretArn(place, place.healthSecret)),
  key(place, "secrets key", [place.secretsKeyArn, place.secretsKeyAlias], {
    decrypt: ["kms:Decrypt"],
    encrypt: ["kms:Encrypt"],
  }),
  key(place, "signing key", [place.signingKeyArn, place.signingKeyAlias], {
    sign: ["kms:Sign"],
    "public key": ["kms:GetPublicKey"],
  }),
  {
    kind: "key aliases",
    classes: Object.fromEntries(
      ["UpdateAlias", "DeleteAlias"].map((action) => [
        action === "UpdateAlias" ? "shape" : "destroy",
        [place.secretsKeyAlias, place.signingKeyAlias].flatMap((alias) =>
          on(`arn:aws:kms:${place.region}:${place.account}:${alias}`, [`kms:${action}`]),
        ),
      ]),
    ),
  },
];

const tableArn = ({ region, account }: { region: string; account: string }, name: string) =>
  `arn:aws:dynamodb:${region}:${account}:table/${name}`;

// What the ARN of a secret ends in is drawn when it is made.
const secretArn = ({ region, account }: { region: string; account: string }, name: string) =>
  `arn:aws:secretsmanager:${region}:${account}:secret:${name}-Ab12Cd`;

function bucket(kind: string, name: string, key: string): Kind {
  const [whole, object] = [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/${key}`];
  return {
    kind,
    classes: {
      list: on(whole, ["s3:ListBucket"]),
      read: on(object, ["s3:GetObject"]),
      write: on(object, ["s3:PutObject"]),
      tag: on(object, ["s3:PutObjectTagging"]),
      delete: on(object, ["s3:DeleteObject"]),
      destroy: [...on(whole, ["s3:DeleteBucket"]), ...on(object, ["s3:DeleteObjectVersion"])],
      govern: on(
        whole,
        [
          "BucketPolicy",
          "BucketPublicAccessBlock",
          "BucketVersioning",
          "EncryptionConfiguration",
          "LifecycleConfiguration",
        ].map((what) => `s3:Put${what}`),
      ),
      "give away": [
        ...on(whole, ["s3:PutBucketAcl", "s3:PutReplicationConfiguration"]),
        ...on(object, ["s3:PutObjectAcl"]),
      ],
    },
  };
}

const anyBucket = (where: string, name: string): Kind => ({
  kind: `bucket, environment ${where}`,
  classes: {
    list: on(`arn:aws:s3:::${name}`, ["s3:ListBucket"]),
    read: on(`arn:aws:s3:::${name}/key`, ["s3:GetObject"]),
    write: on(`arn:aws:s3:::${name}/key`, ["s3:PutObject"]),
  },
});

function table(kind: string, arn: string): Kind {
  return {
    kind,
    classes: {
      look: on(arn, ["dynamodb:DescribeTable"]),
      read: on(arn, ["dynamodb:GetItem"]),
      list: on(kind === "ledger" ? arn : `${arn}/index/by-time`, ["dynamodb:Query"]),
      scan: [arn, `${arn}/index/by-time`].flatMap((each) => on(each, ["dynamodb:Scan"])),
      put: on(arn, ["dynamodb:PutItem"]),
      update: on(arn, ["dynamodb:UpdateItem"]),
      delete: on(arn, ["dynamodb:DeleteItem"]),
      batch: on(arn, ["dynamodb:BatchWriteItem", "dynamodb:PartiQLDelete"]),
      shape: ["UpdateTable", "UpdateContinuousBackups", "UpdateTimeToLive"].flatMap((action) =>
        on(arn, [`dynamodb:${action}`]),
      ),
      destroy: on(arn, ["dynamodb:DeleteTable"]),
      "give away": on(arn, ["dynamodb:PutResourcePolicy", "dynamodb:ExportTableToPointInTime"]),
    },
  };
}

const secret = (kind: string, arn: string): Kind => ({
  kind,
  classes: {
    look: on(arn, ["secretsmanager:DescribeSecret"]),
    "read secret": on(arn, ["secretsmanager:GetSecretValue"]),
    write: on(arn, ["secretsmanager:PutSecretValue"]),
    destroy: on(arn, ["secretsmanager:DeleteSecret"]),
    govern: on(arn, ["secretsmanager:PutResourcePolicy"]),
  },
});

function key(
  place: Place,
  kind: string,
  [arn, alias]: [arn: string, alias: string],
  uses: Record<string, string[]>,
): Kind {
  const context = { ...tagOf(place), "kms:resourcealiases": [alias] };
  const used = Object.entries(uses).map(([name, actions]) => [name, on(arn, actions, context)]);
  return {
    kind,
    classes: {
      look: on(arn, ["kms:DescribeKey"], context),
      ...Object.fromEntries(used),
      destroy: on(arn, ["kms:ScheduleKeyDeletion", "kms:DisableKey"], context),
      govern: on(arn, ["kms:PutKeyPolicy", "kms:CreateGrant"], context),
    },
  };
}
