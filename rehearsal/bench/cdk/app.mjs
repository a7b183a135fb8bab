import { readFileSync } from "node:fs";
import * as cdk from "aws-cdk-lib";
import * as cloudwatch from "aws-cdk-lib/aws-cloudwatch";
import * as actions from "aws-cdk-lib/aws-cloudwatch-actions";
import * as dynamodb from "aws-cdk-lib/aws-dynamodb";
import * as events from "aws-cdk-lib/aws-events";
import * as targets from "aws-cdk-lib/aws-events-targets";
import * as lambda from "aws-cdk-lib/aws-lambda";
import * as destinations from "aws-cdk-lib/aws-lambda-destinations";
import * as logs from "aws-cdk-lib/aws-logs";
import * as s3 from "aws-cdk-lib/aws-s3";
import * as sns from "aws-cdk-lib/aws-sns";
import * as subscriptions from "aws-cdk-lib/aws-sns-subscriptions";
import * as sqs from "aws-cdk-lib/aws-sqs";

// An equivalent of the service, as people write it with the CDK: the same functions from the same packages, one alias
// each, their table, topics, queue, schedules, log groups and alarms. It is measured; it is not what is promoted.
const { sha, packages, functions, region, account } = JSON.parse(readFileSync(process.env.BENCH_CDK, "utf8"));

const app = new cdk.App();
const stack = new cdk.Stack(app, "bench-sentiment", {
  env: { region, account },
  // Nothing is bootstrapped: the packages are in a bucket already, and the template is small enough to be sent along.
  synthesizer: new cdk.LegacyStackSynthesizer(),
});
const removalPolicy = cdk.RemovalPolicy.DESTROY;

const table = new dynamodb.Table(stack, "Items", {
  partitionKey: { name: "source", type: dynamodb.AttributeType.STRING },
  sortKey: { name: "id", type: dynamodb.AttributeType.STRING },
  billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  removalPolicy,
});
const alerts = new sns.Topic(stack, "Alerts");
const notifications = new sns.Topic(stack, "Notifications");
const deadLetters = new sqs.Queue(stack, "DeadLetters", { retentionPeriod: cdk.Duration.days(14) });
const bucket = s3.Bucket.fromBucketName(stack, "Packages", packages);

const watch = (id, metric, threshold) => {
  const alarm = new cloudwatch.Alarm(stack, id, { metric, threshold, evaluationPeriods: 1 });
  alarm.addAlarmAction(new actions.SnsAction(alerts));
};

for (const { name, digest } of functions) {
  const fn = new lambda.Function(stack, name, {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: "index.handler",
    code: lambda.Code.fromBucketV2(bucket, `${name}/${sha}/lambda.zip`),
    memorySize: 256,
    timeout: cdk.Duration.seconds(30),
    environment: { ITEMS_TABLE: table.tableName, NOTIFICATIONS_TOPIC_ARN: notifications.topicArn },
    logGroup: new logs.LogGroup(stack, `${name}-logs`, {
      retention: logs.RetentionDays.ONE_MONTH,
      removalPolicy,
    }),
    currentVersionOptions: { codeSha256: digest, removalPolicy: cdk.RemovalPolicy.RETAIN },
  });
  table.grantReadWriteData(fn);
  notifications.grantPublish(fn);
  const live = new lambda.Alias(stack, `${name}-live`, { aliasName: "live", version: fn.currentVersion });
  live.configureAsyncInvoke({ onFailure: new destinations.SqsDestination(deadLetters), retryAttempts: 2 });
  if (name === "ingestion" || name === "canary")
    new events.Rule(stack, `${name}-schedule`, {
      schedule: events.Schedule.rate(cdk.Duration.hours(1)),
      targets: [new targets.LambdaFunction(live)],
    });
  if (name === "analysis") notifications.addSubscription(new subscriptions.LambdaSubscription(live));
  if (name === "dashboard") live.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.NONE });
  watch(`${name}-errors`, fn.metricErrors(), 5);
  watch(`${name}-throttles`, fn.metricThrottles(), 1);
}
watch("items-throttles", table.metric("WriteThrottleEvents"), 10);
watch("items-user-errors", table.metricUserErrors(), 10);
watch("dead-letters", deadLetters.metricApproximateNumberOfMessagesVisible(), 5);
