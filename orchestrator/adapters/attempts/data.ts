import {
  DeleteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GetPublicKeyCommand,
  KMSClient,
  SignCommand,
} from "@aws-sdk/client-kms";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type { Place } from "../../isolation/place.ts";
import { type AwsAccess, clientSettings } from "../aws-access.ts";
import { type Attempts, NONE } from "./attempt.ts";

/** Attempts on what keeps data. */
export const dataAttempts = (access: AwsAccess): Attempts => ({
  ...bucketAttempts("state bucket", access, ({ stateBucket, environment }) => [
    stateBucket,
    `${environment}/${NONE}`,
  ]),
  ...bucketAttempts("packages bucket", access, ({ packagesBucket }) => [packagesBucket, NONE]),
  ...tableAttempts("ledger", access, ({ ledgerTable }) => ledgerTable, ["pk", "sk"]),
  ...tableAttempts("items table", access, ({ environment }) => `${environment}-sentiment-items`, ["id"]),
  ...secretAttempts("news key", access, ({ newsSecret }) => newsSecret),
  ...secretAttempts("health key", access, ({ healthSecret }) => healthSecret),
  ...keyAttempts(access),
});

function bucketAttempts(kind: string, access: AwsAccess, of: (place: Place) => [string, string]): Attempts {
  const s3 = new S3Client({ ...clientSettings(access), forcePathStyle: access.endpoint !== undefined });
  const at = (place: Place) => {
    const [Bucket, Key] = of(place);
    return { Bucket, Key };
  };
  // No object has this tag: nothing is written or deleted, whatever is there.
  const IfMatch = `"${"0".repeat(32)}"`;
  return {
    [`${kind}/list`]: (place) =>
      s3.send(new ListObjectsV2Command({ Bucket: at(place).Bucket, Prefix: NONE, MaxKeys: 1 })),
    [`${kind}/read`]: (place) => s3.send(new GetObjectCommand(at(place))),
    [`${kind}/write`]: (place) => s3.send(new PutObjectCommand({ ...at(place), Body: NONE, IfMatch })),
    [`${kind}/delete`]: (place) => s3.send(new DeleteObjectCommand({ ...at(place), IfMatch })),
    [`${kind}/tag`]: (place) =>
      s3.send(new PutObjectTaggingCommand({ ...at(place), Tagging: { TagSet: [] } })),
  };
}

function tableAttempts(
  kind: string,
  access: AwsAccess,
  of: (place: Place) => string,
  keys: string[],
): Attempts {
  const table = new DynamoDBClient(clientSettings(access));
  const Key = Object.fromEntries(keys.map((name) => [name, { S: NONE }]));
  const [first = ""] = keys;
  const impossible = { ConditionExpression: `attribute_exists(${first})` };
  const listed = kind === "ledger" ? { by: first } : { by: "day", IndexName: "by-time" };
  return {
    [`${kind}/look`]: (place) => table.send(new DescribeTableCommand({ TableName: of(place) })),
    [`${kind}/read`]: (place) => table.send(new GetItemCommand({ TableName: of(place), Key })),
    [`${kind}/list`]: (place) =>
      table.send(
        new QueryCommand({
          TableName: of(place),
          ...("IndexName" in listed ? { IndexName: listed.IndexName } : {}),
          KeyConditionExpression: "#by = :by",
          ExpressionAttributeNames: { "#by": listed.by },
          ExpressionAttributeValues: { ":by": { S: NONE } },
        }),
      ),
    [`${kind}/scan`]: (place) =>
      table.send(new ScanCommand({ TableName: of(place), Limit: 1, Select: "COUNT" })),
    [`${kind}/put`]: (place) =>
      table.send(new PutItemCommand({ TableName: of(place), Item: Key, ...impossible })),
    [`${kind}/update`]: (place) =>
      table.send(
        new UpdateItemCommand({
          TableName: of(place),
          Key,
          UpdateExpression: "SET x = :x",
          ExpressionAttributeValues: { ":x": { S: NONE } },
          ...impossible,
        }),
      ),
    [`${kind}/delete`]: (place) =>
      table.send(new DeleteItemCommand({ TableName: of(place), Key, ...impossible })),
  };
}

function secretAttempts(kind: string, access: AwsAccess, of: (place: Place) => string): Attempts {
  const secrets = new SecretsManagerClient(clientSettings(access));
  return {
    [`${kind}/look`]: (place) => secrets.send(new DescribeSecretCommand({ SecretId: of(place) })),
    // A version that no secret has: the permission is asked for, and the secret itself never comes here.
    [`${kind}/read secret`]: (place) =>
      secrets.send(
        new GetSecretValueCommand({ SecretId: of(place), VersionId: "00000000-0000-4000-8000-000000000000" }),
      ),
  };
}

function keyAttempts(access: AwsAccess): Attempts {
  const kms = new KMSClient(clientSettings(access));
  const nothing = new Uint8Array(64);
  return {
    "secrets key/look": ({ secretsKeyArn: KeyId }) => kms.send(new DescribeKeyCommand({ KeyId })),
    "secrets key/encrypt": ({ secretsKeyArn: KeyId }) =>
      kms.send(new EncryptCommand({ KeyId, Plaintext: nothing, DryRun: true })),
    // What no key has encrypted.
    "secrets key/decrypt": ({ secretsKeyArn: KeyId }) =>
      kms.send(new DecryptCommand({ KeyId, CiphertextBlob: nothing })),
    "signing key/look": ({ signingKeyArn: KeyId }) => kms.send(new DescribeKeyCommand({ KeyId })),
    "signing key/public key": ({ signingKeyArn: KeyId }) => kms.send(new GetPublicKeyCommand({ KeyId })),
    "signing key/sign": ({ signingKeyArn: KeyId }) =>
      kms.send(new SignCommand({ KeyId, Message: nothing, SigningAlgorithm: "ECDSA_SHA_256", DryRun: true })),
  };
}
