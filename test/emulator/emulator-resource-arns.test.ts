import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DeleteDashboardsCommand,
  PutDashboardCommand,
  PutMetricAlarmCommand,
} from "@aws-sdk/client-cloudwatch";
import { CreateTableCommand, DynamoDBClient, ListTagsOfResourceCommand } from "@aws-sdk/client-dynamodb";
import {
  EventBridgeClient,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { CreatePolicyCommand, IAMClient, SimulatePrincipalPolicyCommand } from "@aws-sdk/client-iam";
import { CreateAliasCommand, CreateKeyCommand, GetPublicKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateTopicCommand, SNSClient, TagResourceCommand } from "@aws-sdk/client-sns";
import { expect } from "chai";
import { account, clientConfig, region } from "./emulator-fixture.ts";
import { createRole, zipOf } from "./functions.ts";
import { clientConfigOf, fate } from "./principal.ts";

/** The same request for `ours-...`, which the policy allows, and for `other-...`, which it does not. */
type Attempt = (prefix: string) => Promise<unknown>;

describe("emulator: a policy scoped by the names of resources", () => {
  let config: Awaited<ReturnType<typeof clientConfig>>;
  let keyArn = "";

  before(async function () {
    this.timeout(20_000);
    const admin = await clientConfig();
    const kms = new KMSClient(admin);
    const { KeyMetadata } = await kms.send(
      new CreateKeyCommand({ KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" }),
    );
    keyArn = KeyMetadata?.Arn ?? "";
    await kms.send(new CreateAliasCommand({ AliasName: "alias/ours-key", TargetKeyId: keyArn }));
    for (const prefix of ["ours", "other"]) {
      await new DynamoDBClient(admin).send(
        new CreateTableCommand({
          TableName: `${prefix}-table`,
          BillingMode: "PAY_PER_REQUEST",
          AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
          KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
        }),
      );
      await new SNSClient(admin).send(new CreateTopicCommand({ Name: `${prefix}-topic` }));
      await new CloudWatchClient(admin).send(
        new PutDashboardCommand({ DashboardName: `${prefix}-old-board`, DashboardBody: "{}" }),
      );
      await createRole(`${prefix}-role`);
    }
    await new EventBridgeClient(admin).send(
      new PutRuleCommand({ Name: "other-rule", ScheduleExpression: "rate(1 hour)" }),
    );
    config = await clientConfigOf("scoped", [
      { Effect: "Allow", Action: "events:*", Resource: "arn:aws:events:*:*:rule/ours-*" },
      { Effect: "Allow", Action: "lambda:*", Resource: "arn:aws:lambda:*:*:function:ours-*" },
      { Effect: "Allow", Action: "iam:PassRole", Resource: "arn:aws:iam::*:role/*" },
      { Effect: "Allow", Action: "iam:SimulatePrincipalPolicy", Resource: "arn:aws:iam::*:role/ours-*" },
      { Effect: "Allow", Action: "iam:CreatePolicy", Resource: "arn:aws:iam::*:policy/ours-*" },
      {
        Effect: "Allow",
        Action: "cloudwatch:*",
        Resource: ["arn:aws:cloudwatch:*:*:alarm:ours-*", "arn:aws:cloudwatch::*:dashboard/ours-*"],
      },
      { Effect: "Allow", Action: "dynamodb:*", Resource: "arn:aws:dynamodb:*:*:table/ours-*" },
      { Effect: "Allow", Action: "sns:*", Resource: "arn:aws:sns:*:*:ours-*" },
      { Effect: "Allow", Action: "kms:GetPublicKey", Resource: keyArn },
    ]);
  });

  const attempts: Record<string, Attempt> = {
    "event rules of the default bus": (prefix) =>
      new EventBridgeClient(config).send(
        new PutRuleCommand({ Name: `${prefix}-rule`, ScheduleExpression: "rate(1 hour)" }),
      ),
    "the simulation of a principal's policies": (prefix) =>
      new IAMClient(config).send(
        new SimulatePrincipalPolicyCommand({
          PolicySourceArn: `arn:aws:iam::${account}:role/${prefix}-role`,
          ActionNames: ["s3:GetObject"],
        }),
      ),
    "targets of a rule": (prefix) =>
      new EventBridgeClient(config).send(
        new PutTargetsCommand({
          Rule: `${prefix}-rule`,
          Targets: [{ Id: "1", Arn: `arn:aws:sns:${region}:${account}:${prefix}-topic` }],
        }),
      ),
    "the listing of a rule's targets": (prefix) =>
      new EventBridgeClient(config).send(new ListTargetsByRuleCommand({ Rule: `${prefix}-rule` })),
    "the tags of a rule": (prefix) =>
      new EventBridgeClient(config).send(
        new ListTagsForResourceCommand({
          ResourceARN: `arn:aws:events:${region}:${account}:rule/${prefix}-rule`,
        }),
      ),
    "new functions": async (prefix) =>
      new LambdaClient(config).send(
        new CreateFunctionCommand({
          FunctionName: `${prefix}-function`,
          Runtime: "nodejs24.x",
          Handler: "index.handler",
          Role: `arn:aws:iam::${account}:role/ours-role`,
          Code: { ZipFile: await zipOf("") },
        }),
      ),
    "new policies": (prefix) =>
      new IAMClient(config).send(
        new CreatePolicyCommand({
          PolicyName: `${prefix}-policy`,
          PolicyDocument: JSON.stringify({
            Version: "2012-10-17",
            Statement: { Effect: "Deny", Action: "*", Resource: "*" },
          }),
        }),
      ),
    "alarms, put": (prefix) =>
      new CloudWatchClient(config).send(
        new PutMetricAlarmCommand({
          AlarmName: `${prefix}-alarm`,
          Namespace: "N",
          MetricName: "M",
          Statistic: "Sum",
          Period: 60,
          EvaluationPeriods: 1,
          Threshold: 1,
          ComparisonOperator: "GreaterThanThreshold",
        }),
      ),
    "alarms, deleted": (prefix) =>
      new CloudWatchClient(config).send(new DeleteAlarmsCommand({ AlarmNames: [`${prefix}-alarm`] })),
    dashboards: (prefix) =>
      new CloudWatchClient(config).send(
        new PutDashboardCommand({ DashboardName: `${prefix}-board`, DashboardBody: "{}" }),
      ),
    "dashboards, deleted": (prefix) =>
      new CloudWatchClient(config).send(
        new DeleteDashboardsCommand({ DashboardNames: [`${prefix}-old-board`] }),
      ),
    "the tags of a table": (prefix) =>
      new DynamoDBClient(config).send(
        new ListTagsOfResourceCommand({
          ResourceArn: `arn:aws:dynamodb:${region}:${account}:table/${prefix}-table`,
        }),
      ),
    "the tags of a topic": (prefix) =>
      new SNSClient(config).send(
        new TagResourceCommand({
          ResourceArn: `arn:aws:sns:${region}:${account}:${prefix}-topic`,
          Tags: [{ Key: "a", Value: "b" }],
        }),
      ),
  };
  for (const [what, attempt] of Object.entries(attempts)) {
    it(`is held against ${what}`, async () => {
      expect(await fate(attempt("ours"))).to.equal("allowed");
      expect(await fate(attempt("other"))).to.equal("denied");
    });
  }

  it("is held against the key when the key is used through its alias", async () => {
    expect(
      await fate(new KMSClient(config).send(new GetPublicKeyCommand({ KeyId: "alias/ours-key" }))),
    ).to.equal("allowed");
  });
});
