import { hostname } from "node:os";
import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
  PutMetricAlarmCommand,
} from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient, UpdateContinuousBackupsCommand, UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import { AttachUserPolicyCommand, DetachUserPolicyCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  KMSClient,
  UpdateAliasCommand,
} from "@aws-sdk/client-kms";
import {
  DeleteBucketLifecycleCommand,
  DeleteObjectCommand,
  DeletePublicAccessBlockCommand,
  GetBucketLifecycleConfigurationCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import {
  DeleteSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import {
  ListSubscriptionsByTopicCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import { DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { type AwsAccess, clientSettings } from "../../orchestrator/adapters/aws-access.ts";
import { s3For } from "../../orchestrator/adapters/doctor-buckets.ts";
import { dynamodbLedger } from "../../orchestrator/adapters/dynamodb-ledger.ts";
import type { Environment } from "../../orchestrator/environment.ts";
import type { LedgerEvent } from "../../orchestrator/promotion/events.ts";

/** A real thing that is broken, what the doctor finds then, and how it is mended. */
export type Break = { finds: string[]; break: () => Promise<() => Promise<unknown>> };

/**
 * What is broken in an environment that was promoted, by check. Those of different checks do not touch each other, so
 * that one of each can be broken at once.
 */
export function breaksOf(
  { name, promotion }: Environment,
  access: AwsAccess,
  running: { alarms: string[]; topic: string; project: string },
): Record<string, Break[]> {
  const settings = clientSettings(access);
  const s3 = s3For(access);
  const dynamo = new DynamoDBClient(settings);
  const kms = new KMSClient(settings);
  const secrets = new SecretsManagerClient(settings);
  const cloudwatch = new CloudWatchClient(settings);
  const sns = new SNSClient(settings);
  const iam = new IAMClient(settings);
  const state = new URL(promotion.state);
  const folder = `${state.pathname.replace(/^\//, "")}/.pulumi`;
  const stateBucket = { Bucket: state.host };
  const packages = { Bucket: promotion.packages };
  const TableName = promotion.ledger;
  const [alarm = ""] = running.alarms;
  const finds = (what: string | string[], broken: Break["break"]): Break => ({
    finds: [what].flat(),
    break: broken,
  });

  const keyOf = async (KeyId: string) =>
    (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyId ?? "";
  const keyOff = (alias: string) => async () => {
    const KeyId = await keyOf(alias);
    await kms.send(new DisableKeyCommand({ KeyId }));
    return () => kms.send(new EnableKeyCommand({ KeyId }));
  };
  const noAlias = (AliasName: string) => async () => {
    const TargetKeyId = await keyOf(AliasName);
    await kms.send(new DeleteAliasCommand({ AliasName }));
    return () => kms.send(new CreateAliasCommand({ AliasName, TargetKeyId }));
  };
  const otherKey = (AliasName: string, spec: object) => async () => {
    const before = await keyOf(AliasName);
    const made = await kms.send(new CreateKeyCommand(spec));
    await kms.send(new UpdateAliasCommand({ AliasName, TargetKeyId: made.KeyMetadata?.KeyId }));
    return () => kms.send(new UpdateAliasCommand({ AliasName, TargetKeyId: before }));
  };
  const unversioned = (bucket: { Bucket: string }) => async () => {
    const set = (Status: "Enabled" | "Suspended") =>
      s3.send(new PutBucketVersioningCommand({ ...bucket, VersioningConfiguration: { Status } }));
    await set("Suspended");
    return () => set("Enabled");
  };
  const open = (bucket: { Bucket: string }) => async () => {
    const { PublicAccessBlockConfiguration } = await s3.send(new GetPublicAccessBlockCommand(bucket));
    await s3.send(new DeletePublicAccessBlockCommand(bucket));
    return () => s3.send(new PutPublicAccessBlockCommand({ ...bucket, PublicAccessBlockConfiguration }));
  };
  const lease = (since: Date, run: string) => async () => {
    const clock = { now: () => since, monotonic: () => 0, sleep: async () => {} };
    const ledger = dynamodbLedger({ table: TableName, environment: name, clock }, access);
    const holder = { who: "somebody", host: hostname(), run, promotionId: "the-one-that-died" };
    const taken = await ledger.acquire(holder, 1_000);
    return { ledger, taken: taken.acquired ? taken.lease : undefined };
  };
  /** Writes events as a promotion would. */
  const written = async (...events: LedgerEvent[]) => {
    const { ledger, taken } = await lease(new Date(), "the test")();
    if (!taken) throw new Error("somebody holds the lease");
    for (const event of events) await ledger.append(taken, event);
    await ledger.release(taken);
  };
  const held = (code: string, since: Date, run: string) =>
    finds(`ledger ${code}`, async () => {
      const { ledger, taken } = await lease(since, run)();
      return async () => taken && (await ledger.release(taken));
    });
  const lockKey = `${folder}/locks/organization/${running.project}/${name}/a-lock.json`;
  const locked = async () => {
    await s3.send(new PutObjectCommand({ ...stateBucket, Key: lockKey, Body: "{}" }));
    return () => s3.send(new DeleteObjectCommand({ ...stateBucket, Key: lockKey }));
  };
  const textOf = async (SecretId: string) =>
    (await secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString;
  const putAlarm = async (change: object) => {
    const { MetricAlarms: [was] = [] } = await cloudwatch.send(
      new DescribeAlarmsCommand({ AlarmNames: [alarm] }),
    );
    if (!was) throw new Error(`there is no alarm ${alarm}`);
    const { AlarmName, Namespace, MetricName, Dimensions, Statistic, Period, Threshold } = was;
    const { EvaluationPeriods, ComparisonOperator, TreatMissingData, AlarmActions, OKActions } = was;
    const own = { AlarmName, Namespace, MetricName, Dimensions, Statistic, Period, Threshold };
    const rest = { EvaluationPeriods, ComparisonOperator, TreatMissingData, AlarmActions, OKActions };
    const given = { ...own, ...rest } as ConstructorParameters<typeof PutMetricAlarmCommand>[0];
    await cloudwatch.send(new PutMetricAlarmCommand({ ...given, ...change }));
    return () => cloudwatch.send(new PutMetricAlarmCommand(given));
  };
  const subscriptions = async () =>
    (await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: running.topic }))).Subscriptions ?? [];

  const mighty = finds("credentials credentials-too-mighty", async () => {
    const attached = {
      UserName: `${running.project}-${name}-deployer`,
      PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
    };
    await iam.send(new AttachUserPolicyCommand(attached));
    return () => iam.send(new DetachUserPolicyCommand(attached));
  });

  return {
    // As long as keys are exchanged: the deployer may look at those that bootstrap made, and at no other.
    credentials: [mighty, mighty, mighty, mighty],
    "state-bucket": [
      finds("state-bucket bucket-unversioned", unversioned(stateBucket)),
      finds("state-bucket bucket-public", open(stateBucket)),
    ],
    "packages-bucket": [
      finds("packages-bucket bucket-never-forgets", async () => {
        const { Rules } = await s3.send(new GetBucketLifecycleConfigurationCommand(packages));
        await s3.send(new DeleteBucketLifecycleCommand(packages));
        const LifecycleConfiguration = { Rules };
        return () =>
          s3.send(new PutBucketLifecycleConfigurationCommand({ ...packages, LifecycleConfiguration }));
      }),
      finds("packages-bucket bucket-unversioned", unversioned(packages)),
      finds("packages-bucket bucket-public", open(packages)),
    ],
    "ledger-table": [
      finds("ledger-table table-not-recoverable", async () => {
        const set = (PointInTimeRecoveryEnabled: boolean) =>
          dynamo.send(
            new UpdateContinuousBackupsCommand({
              TableName,
              PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled },
            }),
          );
        await set(false);
        return () => set(true);
      }),
      finds("ledger-table table-deletable", async () => {
        const set = (DeletionProtectionEnabled: boolean) =>
          dynamo.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled }));
        await set(false);
        return () => set(true);
      }),
      finds("ledger-table table-provisioned", async () => {
        const ProvisionedThroughput = { ReadCapacityUnits: 5, WriteCapacityUnits: 5 };
        await dynamo.send(
          new UpdateTableCommand({ TableName, BillingMode: "PROVISIONED", ProvisionedThroughput }),
        );
        return () => dynamo.send(new UpdateTableCommand({ TableName, BillingMode: "PAY_PER_REQUEST" }));
      }),
    ],
    "signing-key": [
      finds("signing-key signing-key-off", keyOff(promotion.signingKey)),
      finds("signing-key signing-key-missing", noAlias(promotion.signingKey)),
      finds("signing-key signing-key-kind", otherKey(promotion.signingKey, {})),
      finds(
        "signing-key signing-key-not-trusted",
        otherKey(promotion.signingKey, { KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" }),
      ),
      finds("signing-key may-not-look", otherKey(promotion.signingKey, {})),
    ],
    "secrets-key": [
      finds("secrets-key secrets-key-off", keyOff(`alias/${name}-sentiment-secrets`)),
      finds("secrets-key secrets-key-missing", noAlias(`alias/${name}-sentiment-secrets`)),
      finds(
        "secrets-key secrets-key-kind",
        otherKey(`alias/${name}-sentiment-secrets`, { KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" }),
      ),
    ],
    secrets: [
      finds("secrets secret-missing", async () => {
        const SecretId = `${name}-newsapi-key`;
        await secrets.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 7 }));
        return () => secrets.send(new RestoreSecretCommand({ SecretId }));
      }),
      finds("secrets secret-malformed", async () => {
        const SecretId = promotion.healthKeySecret;
        const SecretString = await textOf(SecretId);
        await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: '{"key":"elsewhere"}' }));
        return () => secrets.send(new PutSecretValueCommand({ SecretId, SecretString }));
      }),
    ],
    stack: [
      finds("stack stack-lock-stale", locked),
      finds("stack stack-pending", async () => {
        const Key = `${folder}/stacks/${running.project}/${name}.json`;
        const { Body } = await s3.send(new GetObjectCommand({ ...stateBucket, Key }));
        const was = (await Body?.transformToString()) ?? "";
        const broken = JSON.parse(was);
        broken.checkpoint.latest.pending_operations = [
          { type: "creating", resource: { urn: "urn:pulumi:a::b::c::d" } },
        ];
        const put = (text: string) => s3.send(new PutObjectCommand({ ...stateBucket, Key, Body: text }));
        await put(JSON.stringify(broken));
        return () => put(was);
      }),
    ],
    // The leases last: while somebody holds one, a lock is in its place.
    ledger: [
      finds("ledger held", async () => {
        const event = { sha: null, because: "a fair", who: "somebody" };
        await written({ type: "held", ...event, until: null });
        return () => written({ type: "hold-released", ...event });
      }),
      finds("ledger ledger-chain-broken", async () => {
        const documents = DynamoDBDocumentClient.from(dynamo);
        const Key = { pk: "entry", sk: "0000000001" };
        const put = (at: string) =>
          documents.send(
            new UpdateCommand({
              TableName,
              Key,
              UpdateExpression: "SET promotionId = :id",
              ExpressionAttributeValues: { ":id": at },
              ReturnValues: "UPDATED_OLD",
            }),
          );
        const { Attributes } = await put("another");
        return () => put(String(Attributes?.promotionId));
      }),
      finds("ledger promotion-died", async () => {
        const about = { sha: "ab".repeat(20), who: "somebody", why: null, previousSha: null };
        await written({ type: "promotion-started", kind: "promote", ...about });
        return () =>
          written({
            type: "promotion-ended",
            outcome: "refused",
            sha: about.sha,
            reason: null,
            running: null,
            rollbackMs: null,
          });
      }),
      held("lease-of-the-dead", new Date(), "process 999999999"),
      held("lease-stuck", new Date(Date.now() - 86_400_000), "a run of CI"),
      held("lease-held", new Date(), "a run of CI"),
    ],
    alarms: [
      finds("alarms alarm-muted", async () => {
        await cloudwatch.send(new DisableAlarmActionsCommand({ AlarmNames: [alarm] }));
        return () => cloudwatch.send(new EnableAlarmActionsCommand({ AlarmNames: [alarm] }));
      }),
      finds("alarms alarm-unheard", () => putAlarm({ AlarmActions: [] })),
      finds("alarms alarm-missing", async () => {
        const mend = await putAlarm({});
        await cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [alarm] }));
        return mend;
      }),
    ],
    alerts: [
      finds("alerts alerts-pending", async () => {
        // Not by mail: the emulator takes every address for a confirmed one.
        const Endpoint = "http://127.0.0.1:9/alerts";
        await sns.send(new SubscribeCommand({ TopicArn: running.topic, Protocol: "http", Endpoint }));
        return async () => {
          for (const each of await subscriptions())
            if (each.Endpoint === Endpoint)
              await sns.send(new UnsubscribeCommand({ SubscriptionArn: each.SubscriptionArn }));
        };
      }),
      finds("alerts alerts-unheard", async () => {
        const before = await subscriptions();
        for (const { SubscriptionArn } of before) await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
        return async () => {
          for (const { TopicArn, Protocol, Endpoint } of before)
            await sns.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint }));
        };
      }),
    ],
  };
}
