import { CloudWatchClient, paginateDescribeAlarms } from "@aws-sdk/client-cloudwatch";
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DynamoDBClient,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import { IAMClient, SimulatePrincipalPolicyCommand } from "@aws-sdk/client-iam";
import { DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { GetAccountSettingsCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import {
  GetSubscriptionAttributesCommand,
  paginateListSubscriptionsByTopic,
  SNSClient,
} from "@aws-sdk/client-sns";
import type { AlarmLook, Place, SubscriptionLook } from "../doctor/place.ts";
import type { Environment } from "../environment.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { Secrets } from "../secrets.ts";
import { type AwsAccess, clientSettings } from "./aws-access.ts";
import { lookAtBucket, s3For, unless } from "./doctor-buckets.ts";
import { identify } from "./doctor-identity.ts";
import { healthKey, NoKey } from "./health-key.ts";
import { principalOf } from "./iam-permissions.ts";
import { kmsSigner, publicKeyOf } from "./kms-signer.ts";
import { secretState } from "./service-secrets.ts";
import { stackLocks } from "./stack-locks.ts";
import { readStack } from "./stack-state.ts";

export type PlaceSettings = {
  environment: Environment;
  project: string;
  access: AwsAccess;
  ledger: Pick<Ledger, "entries" | "held">;
  /** How to reach another environment's bucket as its release reader. */
  readerOf(environment: string): Promise<{ bucket: string; access: AwsAccess }>;
  secrets: Secrets;
};

/** AWS as the doctor sees it. What several checks ask for is asked for once. */
export function awsPlace(settings: PlaceSettings): Place {
  const { environment, project, access, secrets } = settings;
  const kms = new KMSClient(clientSettings(access));
  const named = { project, stack: environment.name };
  const { state } = environment.promotion;
  return {
    whoami: once(() => identify(access, secrets)),
    entries: once(() => settings.ledger.entries()),
    lease: once(() => settings.ledger.held()),
    async allowedEverywhere(arn, ActionNames) {
      const { EvaluationResults = [] } = await new IAMClient(clientSettings(access)).send(
        new SimulatePrincipalPolicyCommand({ PolicySourceArn: principalOf(arn), ActionNames }),
      );
      return EvaluationResults.filter(({ EvalDecision }) => EvalDecision === "allowed").map(
        ({ EvalActionName = "" }) => EvalActionName,
      );
    },
    bucket: (name) => lookAtBucket(name, access),
    table: (name) => lookAtTable(name, access),
    async key(KeyId) {
      const found = await unless(/^NotFoundException$/, kms.send(new DescribeKeyCommand({ KeyId })));
      const { Enabled, KeyState, KeyUsage, KeySpec } = found?.KeyMetadata ?? {};
      if (!found) return undefined;
      return {
        enabled: Enabled === true,
        state: KeyState ?? "unknown",
        usage: KeyUsage ?? "",
        spec: KeySpec ?? "",
      };
    },
    publicKey: (alias) => publicKeyOf(alias, access),
    sign: (alias, text) => kmsSigner(alias, access).sign(Buffer.from(text)),
    async secret(secretId) {
      const found = await unless(/^ResourceNotFoundException$/, secretState(secretId, access));
      return found?.deleted ? undefined : found;
    },
    async holdsKey(secretId) {
      try {
        await healthKey(secretId, access, secrets)();
        return true;
      } catch (error) {
        if (error instanceof NoKey) return false;
        throw error;
      }
    },
    alarms: (prefix) => lookAtAlarms(prefix, access),
    subscriptions: (topicArn) => unless(/^NotFound(Exception)?$/, lookAtSubscriptions(topicArn, access)),
    stack: () => readStack(state, named, access),
    locks: () => stackLocks(state, named.stack, access).list(),
    async source(name) {
      const reader = await settings.readerOf(name);
      await s3For(reader.access).send(
        new ListObjectsV2Command({ Bucket: reader.bucket, Prefix: "releases/", MaxKeys: 1 }),
      );
    },
    async concurrency() {
      const { AccountLimit } = await new LambdaClient(clientSettings(access)).send(
        new GetAccountSettingsCommand(),
      );
      const { ConcurrentExecutions: limit = 0, UnreservedConcurrentExecutions: unreserved = 0 } =
        AccountLimit ?? {};
      return { limit, unreserved };
    },
  };
}

async function lookAtTable(TableName: string, access: AwsAccess) {
  const client = new DynamoDBClient(clientSettings(access));
  const found = await unless(
    /^ResourceNotFoundException$/,
    client.send(new DescribeTableCommand({ TableName })),
  );
  if (!found?.Table) return undefined;
  const backups = await client.send(new DescribeContinuousBackupsCommand({ TableName }));
  const recovery = backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
  const { Table } = found;
  return {
    status: Table.TableStatus ?? "unknown",
    keys: keysOf(Table),
    recoverable: recovery?.PointInTimeRecoveryStatus === "ENABLED",
    deletionProtected: Table.DeletionProtectionEnabled === true,
    onDemand: Table.BillingModeSummary?.BillingMode === "PAY_PER_REQUEST",
  };
}

function keysOf({ KeySchema = [], AttributeDefinitions = [] }: TableDescription): string {
  const typeOf = (name?: string) =>
    AttributeDefinitions.find(({ AttributeName }) => AttributeName === name)?.AttributeType;
  return KeySchema.map(
    ({ AttributeName, KeyType }) => `${AttributeName} ${KeyType} ${typeOf(AttributeName)}`,
  ).join(", ");
}

async function lookAtAlarms(AlarmNamePrefix: string, access: AwsAccess): Promise<AlarmLook[]> {
  const client = new CloudWatchClient(clientSettings(access));
  const found: AlarmLook[] = [];
  const pages = paginateDescribeAlarms(
    { client, pageSize: 100 },
    { AlarmNamePrefix, AlarmTypes: ["MetricAlarm", "CompositeAlarm"] },
  );
  for await (const { MetricAlarms = [], CompositeAlarms = [] } of pages)
    for (const alarm of [...MetricAlarms, ...CompositeAlarms])
      found.push({
        name: alarm.AlarmName ?? "",
        state: alarm.StateValue ?? "",
        enabled: alarm.ActionsEnabled === true,
        actions: alarm.AlarmActions ?? [],
      });
  return found;
}

async function lookAtSubscriptions(TopicArn: string, access: AwsAccess): Promise<SubscriptionLook[]> {
  const client = new SNSClient(clientSettings(access));
  const found: SubscriptionLook[] = [];
  for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client }, { TopicArn }))
    for (const { Endpoint = "", Protocol = "", SubscriptionArn = "" } of Subscriptions)
      found.push({
        endpoint: Endpoint,
        protocol: Protocol,
        pending: !SubscriptionArn.startsWith("arn:") || (await isPending(SubscriptionArn, client)),
      });
  return found;
}

/** What was listed as confirmed may still wait to be: whoever may ask about it is told. */
async function isPending(SubscriptionArn: string, client: SNSClient): Promise<boolean> {
  const { Attributes } = await client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
  return Attributes?.PendingConfirmation === "true";
}

/** Asks once, whoever asks first; all get the same answer, or the same error. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => {
    asked ??= ask();
    return asked;
  };
}
