import { CloudWatchClient, DescribeAlarmsCommand, GetDashboardCommand } from "@aws-sdk/client-cloudwatch";
import {
  CostExplorerClient,
  GetAnomalyMonitorsCommand,
  GetAnomalySubscriptionsCommand,
} from "@aws-sdk/client-cost-explorer";
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import {
  DescribeRuleCommand,
  EventBridgeClient,
  ListTargetsByRuleCommand,
} from "@aws-sdk/client-eventbridge";
import { GetRolePolicyCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  GetAliasCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  GetFunctionUrlConfigCommand,
  GetPolicyCommand,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import { DescribeSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import {
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  SNSClient,
} from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type AwsAccess, clientSettings } from "../../orchestrator/adapters/aws-access.ts";

const ACCOUNT = "000000000000";

/** What an administrator finds of the service in one environment, by the AWS SDK and by nothing that deployed it. */
export function inventory(environment: string, access: AwsAccess) {
  const settings = clientSettings(access);
  const named = (suffix: string) => `${environment}-sentiment-${suffix}`;
  const arn = (service: string, resource: string) =>
    `arn:aws:${service}:${access.region}:${ACCOUNT}:${resource}`;
  const lambda = new LambdaClient(settings);
  const sns = new SNSClient(settings);
  const cloudwatch = new CloudWatchClient(settings);

  return {
    named,
    arn,
    async table() {
      const client = new DynamoDBClient(settings);
      const TableName = named("items");
      const [{ Table }, { TimeToLiveDescription }, { ContinuousBackupsDescription }] = await Promise.all([
        client.send(new DescribeTableCommand({ TableName })),
        client.send(new DescribeTimeToLiveCommand({ TableName })),
        client.send(new DescribeContinuousBackupsCommand({ TableName })),
      ]);
      return {
        deletionProtected: Table?.DeletionProtectionEnabled,
        encrypted: Table?.SSEDescription?.Status,
        key: Table?.KeySchema?.map(({ AttributeName }) => AttributeName),
        indexes: Table?.GlobalSecondaryIndexes?.map(({ IndexName, KeySchema = [] }) => [
          IndexName,
          ...KeySchema.map(({ AttributeName }) => AttributeName),
        ]),
        ttl: [TimeToLiveDescription?.TimeToLiveStatus, TimeToLiveDescription?.AttributeName],
        pointInTime: ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus,
      };
    },
    /** A topic's subscriptions, each with its redrive policy. */
    async topic(suffix: string) {
      const TopicArn = arn("sns", named(suffix));
      const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
      const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
      const subscribed = await Promise.all(
        Subscriptions.map(async ({ Protocol, Endpoint, SubscriptionArn }) => {
          // One that waits for somebody to confirm his mail has no attributes yet.
          const about = SubscriptionArn?.startsWith("arn:")
            ? await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))
            : undefined;
          const redrive = about?.Attributes?.RedrivePolicy;
          return { Protocol, Endpoint, ...(redrive ? { redrive: JSON.parse(redrive) } : {}) };
        }),
      );
      return { arn: Attributes?.TopicArn, policy: JSON.parse(Attributes?.Policy ?? "{}"), subscribed };
    },
    async deadLetters() {
      const client = new SQSClient(settings);
      const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: named("analysis-dlq") }));
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
      );
      return {
        arn: Attributes.QueueArn,
        days: Number(Attributes.MessageRetentionPeriod) / 86_400,
        encrypted: Attributes.SqsManagedSseEnabled,
        redrive: JSON.parse(Attributes.RedriveAllowPolicy ?? "{}"),
        policy: JSON.parse(Attributes.Policy ?? "{}"),
      };
    },
    async function(name: string) {
      const FunctionName = named(name);
      const live = { FunctionName, Qualifier: "live" };
      const [about, { ReservedConcurrentExecutions }, alias, events, policy] = await Promise.all([
        lambda.send(new GetFunctionConfigurationCommand(live)),
        lambda.send(new GetFunctionConcurrencyCommand({ FunctionName })),
        lambda.send(new GetAliasCommand({ FunctionName, Name: "live" })),
        lambda.send(new GetFunctionEventInvokeConfigCommand(live)),
        lambda.send(new GetPolicyCommand(live)),
      ]);
      return {
        state: about.State,
        role: about.Role,
        version: alias.FunctionVersion,
        reserved: ReservedConcurrentExecutions,
        onFailure: events.DestinationConfig?.OnFailure?.Destination,
        invokedBy: JSON.parse(policy.Policy ?? "{}").Statement.map(
          ({ Sid, Principal }: { Sid: string; Principal: string | { Service?: string; AWS?: string } }) =>
            typeof Principal === "string" ? [Sid, Principal] : [Sid, Principal.Service ?? Principal.AWS],
        ),
      };
    },
    async grants(name: string) {
      const { PolicyDocument = "" } = await new IAMClient(settings).send(
        new GetRolePolicyCommand({ RoleName: named(`${name}-role`), PolicyName: "function" }),
      );
      const { Statement } = JSON.parse(decodeURIComponent(PolicyDocument));
      return Statement.flatMap(({ Action }: { Action: string[] }) => Action).sort();
    },
    async schedule(name: string) {
      const client = new EventBridgeClient(settings);
      const Name = named(`${name}-schedule`);
      const { State, ScheduleExpression } = await client.send(new DescribeRuleCommand({ Name }));
      const { Targets = [] } = await client.send(new ListTargetsByRuleCommand({ Rule: Name }));
      return { State, ScheduleExpression, targets: Targets.map(({ Arn }) => Arn) };
    },
    async url() {
      const where = { FunctionName: named("dashboard"), Qualifier: "live" };
      const { FunctionUrl, AuthType } = await lambda.send(new GetFunctionUrlConfigCommand(where));
      return { FunctionUrl, AuthType };
    },
    async secret(suffix: string) {
      const SecretId = `${environment}-${suffix}`;
      return (await new SecretsManagerClient(settings).send(new DescribeSecretCommand({ SecretId }))).Name;
    },
    async alarms() {
      const { MetricAlarms = [] } = await cloudwatch.send(
        new DescribeAlarmsCommand({ AlarmNamePrefix: named("") }),
      );
      return MetricAlarms;
    },
    async metricsDashboard() {
      const DashboardName = named("service");
      const { DashboardBody = "{}" } = await cloudwatch.send(new GetDashboardCommand({ DashboardName }));
      return JSON.parse(DashboardBody) as { widgets: object[] };
    },
    async costs() {
      const client = new CostExplorerClient(settings);
      const { AnomalyMonitors = [] } = await client.send(new GetAnomalyMonitorsCommand({}));
      const { AnomalySubscriptions = [] } = await client.send(new GetAnomalySubscriptionsCommand({}));
      return {
        monitor: AnomalyMonitors.find(({ MonitorName }) => MonitorName === named("cost")),
        subscription: AnomalySubscriptions.find(({ SubscriptionName }) => SubscriptionName === named("cost")),
      };
    },
  };
}

export type Inventory = ReturnType<typeof inventory>;

/** Everything of it that a promotion with nothing to do must leave as it is, in one value. */
export async function all(found: Inventory): Promise<unknown> {
  const functions = ["ingestion", "analysis", "dashboard", "canary"].map(async (name) => ({
    ...(await found.function(name)),
    grants: await found.grants(name),
  }));
  const alarms = (await found.alarms()).map(
    ({
      StateValue,
      StateReason,
      StateReasonData,
      StateUpdatedTimestamp,
      StateTransitionedTimestamp,
      ...rest
    }) => rest,
  );
  return Promise.all([
    found.table(),
    found.topic("analysis-notifications"),
    found.topic("alerts"),
    found.deadLetters(),
    ...functions,
    found.schedule("ingestion"),
    found.schedule("canary"),
    found.url(),
    alarms,
    found.metricsDashboard(),
    found.costs(),
  ]);
}
