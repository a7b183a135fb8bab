import { CloudWatchClient, DescribeAlarmsCommand, PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import {
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListTargetsByRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import {
  DeleteFunctionEventInvokeConfigCommand,
  GetFunctionEventInvokeConfigCommand,
  LambdaClient,
  PutFunctionEventInvokeConfigCommand,
} from "@aws-sdk/client-lambda";
import {
  GetSubscriptionAttributesCommand,
  ListSubscriptionsByTopicCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import { GetQueueUrlCommand, PurgeQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { clientSettings } from "../../orchestrator/adapters/aws-access.ts";
import { eventually } from "../emulator/emulator-fixture.ts";
import type { Service } from "./service-fixture.ts";

type Restore = () => Promise<unknown>;

/** What an administrator can break by hand. Each returns the way back. */

export async function unsubscribeAnalysis(at: Service): Promise<Restore> {
  const sns = new SNSClient(clientSettings(at.access));
  const TopicArn = `arn:aws:sns:${at.access.region}:000000000000:${at.environment}-sentiment-analysis-notifications`;
  const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
  const [{ SubscriptionArn, Protocol, Endpoint } = {}] = Subscriptions;
  const { Attributes } = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
  const { RedrivePolicy = "" } = Attributes ?? {};
  await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
  return () =>
    sns.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint, Attributes: { RedrivePolicy } }));
}

export async function disableSchedule(at: Service, name: string): Promise<Restore> {
  const events = new EventBridgeClient(clientSettings(at.access));
  const rule = { Name: `${at.environment}-sentiment-${name}-schedule` };
  await events.send(new DisableRuleCommand(rule));
  return () => events.send(new EnableRuleCommand(rule));
}

/** The schedule runs whatever was deployed last, past the alias that has the traffic. */
export async function retargetSchedule(at: Service, name: string): Promise<Restore> {
  const events = new EventBridgeClient(clientSettings(at.access));
  const Rule = `${at.environment}-sentiment-${name}-schedule`;
  const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ Rule }));
  const passed = Targets.map((target) => ({
    ...target,
    Id: target.Id,
    Arn: target.Arn?.replace(/:live$/, ""),
  }));
  await events.send(new PutTargetsCommand({ Rule, Targets: passed }));
  return () => events.send(new PutTargetsCommand({ Rule, Targets }));
}

export async function untargetSchedule(at: Service, name: string): Promise<Restore> {
  const events = new EventBridgeClient(clientSettings(at.access));
  const Rule = `${at.environment}-sentiment-${name}-schedule`;
  const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ Rule }));
  await events.send(new RemoveTargetsCommand({ Rule, Ids: Targets.map(({ Id = "" }) => Id) }));
  return () => events.send(new PutTargetsCommand({ Rule, Targets }));
}

/** An alarm that fires and tells nobody, or of which somebody switched the telling off. */
export async function muteAlarm(at: Service, suffix: string, how: "action" | "switch"): Promise<Restore> {
  const cloudwatch = new CloudWatchClient(clientSettings(at.access));
  const AlarmName = `${at.environment}-sentiment-${suffix}`;
  const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [AlarmName] }));
  const [alarm] = MetricAlarms ?? [];
  if (!alarm) throw new Error(`there is no alarm ${AlarmName}`);
  const put = (change: object) =>
    cloudwatch.send(
      new PutMetricAlarmCommand({
        ...(alarm as { AlarmName: string; EvaluationPeriods: number }),
        ...change,
      }),
    );
  await put(how === "action" ? { AlarmActions: [] } : { ActionsEnabled: false });
  return () => put({});
}

export async function forgetFailures(at: Service, name: string): Promise<Restore> {
  const lambda = new LambdaClient(clientSettings(at.access));
  const where = { FunctionName: `${at.environment}-sentiment-${name}`, Qualifier: "live" };
  const { MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig } = await lambda.send(
    new GetFunctionEventInvokeConfigCommand(where),
  );
  const config = { MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig };
  await lambda.send(new DeleteFunctionEventInvokeConfigCommand(where));
  return () => lambda.send(new PutFunctionEventInvokeConfigCommand({ ...where, ...config }));
}

/** Drops what a check that failed half-way left there, and waits until the alarm of it is over: promotions ask for that. */
export async function dropDeadLetters(at: Service): Promise<void> {
  const sqs = new SQSClient(clientSettings(at.access));
  const QueueName = `${at.environment}-sentiment-analysis-dlq`;
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
  await sqs.send(new PurgeQueueCommand({ QueueUrl }));
  const cloudwatch = new CloudWatchClient(clientSettings(at.access));
  const named = { AlarmNames: [`${QueueName}-messages`] };
  await eventually(async () => {
    const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand(named));
    return MetricAlarms?.[0]?.StateValue === "OK";
  }, 90_000);
}
