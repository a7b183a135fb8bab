import { expect } from "chai";
import { violations } from "../../infra/policy/rules.ts";
import { program } from "../../infra/service.ts";
import { type MockedRun, mockedRun, stackFile } from "./mocked-run.ts";

const RELEASE = {
  sha: "0123456789abcdef0123456789abcdef01234567",
  packages: {
    ingestion: { key: "ingestion/0123/lambda.zip", codeSha256: "aW5nZXN0aW9u" },
    analysis: { key: "analysis/0123/lambda.zip", codeSha256: "YW5hbHlzaXM=" },
    dashboard: { key: "dashboard/0123/lambda.zip", codeSha256: "ZGFzaGJvYXJk" },
    canary: { key: "canary/0123/lambda.zip", codeSha256: "Y2FuYXJ5" },
  },
};
const FUNCTIONS = Object.keys(RELEASE.packages);
const ENVIRONMENTS = ["preprod", "prod"];

/** The design's table of resources that preprod must have as prod has them, and its alarms. */
const MIRRORED = [
  ["aws:dynamodb/table:Table", "sentiment-items"],
  ["aws:sns/topic:Topic", "sentiment-analysis-notifications"],
  ["aws:sns/topic:Topic", "sentiment-alerts"],
  ["aws:sqs/queue:Queue", "sentiment-analysis-dlq"],
  ...FUNCTIONS.flatMap((name) => [
    ["aws:lambda/function:Function", `sentiment-${name}`],
    ["aws:iam/role:Role", `sentiment-${name}-role`],
    ["aws:cloudwatch/metricAlarm:MetricAlarm", `sentiment-${name}-errors`],
    ["aws:cloudwatch/metricAlarm:MetricAlarm", `sentiment-${name}-throttles`],
  ]),
  ["aws:cloudwatch/eventRule:EventRule", "sentiment-ingestion-schedule"],
  ["aws:cloudwatch/eventRule:EventRule", "sentiment-canary-schedule"],
  ["aws:cloudwatch/metricAlarm:MetricAlarm", "sentiment-items-user-errors"],
  ["aws:cloudwatch/metricAlarm:MetricAlarm", "sentiment-items-throttles"],
  ["aws:cloudwatch/metricAlarm:MetricAlarm", "sentiment-analysis-dlq-messages"],
  ["aws:costexplorer/anomalyMonitor:AnomalyMonitor", "sentiment-cost"],
  ["aws:costexplorer/anomalySubscription:AnomalySubscription", "sentiment-cost"],
] as const;

/** What each alarm of the design fires above, and over how long. */
const THRESHOLDS: [alarm: RegExp, expected: object][] = [
  [/-(?!user)\w+-errors$/, { metricName: "Errors", statistic: "Sum", period: 300, threshold: 5 }],
  [/-throttles$/, { threshold: 0, metricName: "Throttles", statistic: "Sum", period: 300 }],
  [/-items-user-errors$/, { metricName: "UserErrors", statistic: "Sum", period: 300, threshold: 10 }],
  [
    /-dlq-messages$/,
    { metricName: "ApproximateNumberOfMessagesVisible", statistic: "Maximum", period: 60, threshold: 5 },
  ],
];

describe("the stack of an environment", function () {
  this.timeout(30_000);
  const runs = new Map<string, MockedRun>();
  const run = (environment: string) => runs.get(environment) as MockedRun;
  const ofType = (environment: string, type: string) =>
    run(environment).resources.filter((resource) => resource.type === type);

  before(async () => {
    for (const environment of ENVIRONMENTS)
      runs.set(environment, await mockedRun(environment, program(RELEASE)));
  });

  for (const environment of ENVIRONMENTS) {
    describe(environment, () => {
      it("has every resource of the design's table, under its own prefix", () => {
        const names = run(environment).resources.map(({ type, inputs }) => `${type} ${inputs.name}`);
        expect(names).to.include.members(MIRRORED.map(([type, name]) => `${type} ${environment}-${name}`));
      });

      it("keeps the rules of the stack", () => {
        expect(violations({ environment, resources: run(environment).resources })).to.deep.equal([]);
      });

      it("speaks of no other environment", () => {
        const others = ENVIRONMENTS.filter((other) => other !== environment);
        for (const other of others) {
          expect(JSON.stringify(run(environment).resources)).to.not.match(new RegExp(`\\b${other}\\b`));
        }
      });

      it("runs the packages of the release, published, and knows the SHA from nothing else", () => {
        const bucket = `sentiment-analyzer-lambda-packages-${environment}`;
        const functions = ofType(environment, "aws:lambda/function:Function");
        expect(functions.map(({ name }) => name)).to.have.members(FUNCTIONS);
        for (const { name, inputs } of functions) {
          const { key, codeSha256 } = RELEASE.packages[name as keyof typeof RELEASE.packages];
          expect(inputs).to.include({
            s3Bucket: bucket,
            s3Key: key,
            sourceCodeHash: codeSha256,
            publish: true,
          });
        }
        expect(JSON.stringify(run(environment).resources)).to.not.include(RELEASE.sha);
      });

      it("tells the alerts topic of each alarm and of its end, and of no silence", () => {
        const alarms = ofType(environment, "aws:cloudwatch/metricAlarm:MetricAlarm");
        const alerts = `arn:aws:sns:us-east-1:123456789012:${environment}-sentiment-alerts`;
        expect(alarms).to.have.length(2 * FUNCTIONS.length + 3);
        for (const { inputs } of alarms) {
          expect(inputs.alarmActions).to.deep.equal([alerts]);
          expect(inputs.okActions).to.deep.equal([alerts]);
          expect(inputs.alarmDescription).to.include(environment);
          expect(inputs).to.include({
            evaluationPeriods: 1,
            comparisonOperator: "GreaterThanThreshold",
            treatMissingData: "notBreaching",
          });
        }
      });

      for (const [alarm, expected] of THRESHOLDS) {
        it(`fires ${alarm.source} where the design says`, () => {
          const alarms = ofType(environment, "aws:cloudwatch/metricAlarm:MetricAlarm").filter(
            ({ inputs }) => alarm.test(String(inputs.name)) && !inputs.metricQueries,
          );
          expect(alarms).to.have.length.above(0);
          for (const { inputs } of alarms) expect(inputs).to.include(expected);
        });
      }

      it("tells the alerts topic of costs above the configured dollars, of its own resources only", () => {
        const [monitor] = ofType(environment, "aws:costexplorer/anomalyMonitor:AnomalyMonitor");
        expect(JSON.parse(String(monitor?.inputs.monitorSpecification)).Tags.Values).to.deep.equal([
          environment,
        ]);
        const [subscription] = ofType(
          environment,
          "aws:costexplorer/anomalySubscription:AnomalySubscription",
        );
        expect(subscription?.inputs).to.deep.include({
          frequency: "IMMEDIATE",
          subscribers: [
            { type: "SNS", address: `arn:aws:sns:us-east-1:123456789012:${environment}-sentiment-alerts` },
          ],
        });
        expect(subscription?.inputs.thresholdExpression).to.have.nested.property("dimension.values[0]", "50");
        for (const type of ["dynamodb/table:Table", "sqs/queue:Queue", "lambda/function:Function"])
          for (const { inputs } of ofType(environment, `aws:${type}`))
            expect(inputs.tags, type).to.include({ environment });
      });

      it("lets alarms and cost anomalies of its account publish, and nobody else", () => {
        const [policy] = ofType(environment, "aws:sns/topicPolicy:TopicPolicy");
        const { Statement } = JSON.parse(String(policy?.inputs.policy));
        expect(Statement.map(({ Principal }: { Principal: object }) => Principal)).to.deep.equal([
          { Service: "cloudwatch.amazonaws.com" },
          { Service: "costalerts.amazonaws.com" },
        ]);
        for (const { Condition } of Statement)
          expect(Condition).to.deep.equal({ StringEquals: { "aws:SourceAccount": "123456789012" } });
      });

      it("keeps what its functions and its topic failed on, with the age set and the retries said", () => {
        const configs = ofType(environment, "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig");
        const queue = `arn:aws:sqs:us-east-1:123456789012:${environment}-sentiment-analysis-dlq`;
        expect(configs).to.have.length(FUNCTIONS.length);
        for (const { inputs } of configs) {
          expect(inputs).to.deep.include({
            qualifier: "live",
            maximumEventAgeInSeconds: 21_600,
            destinationConfig: { onFailure: { destination: queue } },
          });
          expect(inputs.maximumRetryAttempts).to.be.within(0, 2);
        }
        const subscribed = ofType(environment, "aws:sns/topicSubscription:TopicSubscription").find(
          ({ inputs }) => inputs.protocol === "lambda",
        );
        expect(JSON.parse(String(subscribed?.inputs.redrivePolicy))).to.deep.equal({
          deadLetterTargetArn: queue,
        });
      });

      it("keeps logs for as long as it is told to, of every function", () => {
        const groups = ofType(environment, "aws:cloudwatch/logGroup:LogGroup");
        expect(groups.map(({ inputs }) => inputs.name)).to.have.members(
          FUNCTIONS.map((name) => `/aws/lambda/${environment}-sentiment-${name}`),
        );
        for (const { inputs } of groups) expect(inputs.retentionInDays).to.equal(14);
      });

      it("reserves as many executions for each function as it is told to", () => {
        const reserved = stackFile(environment).config["sentiment-analyzer:reservedConcurrency"];
        const functions = ofType(environment, "aws:lambda/function:Function");
        expect(
          Object.fromEntries(
            functions.map(({ name, inputs }) => [name, inputs.reservedConcurrentExecutions]),
          ),
        ).to.deep.equal(reserved);
      });

      it("runs ingestion on its schedule, and the canary where it is told to", () => {
        const rules = ofType(environment, "aws:cloudwatch/eventRule:EventRule");
        const states = Object.fromEntries(rules.map(({ name, inputs }) => [name, inputs.state]));
        const enabled = stackFile(environment).config["sentiment-analyzer:canaryEnabled"];
        expect(states).to.deep.equal({
          "ingestion-schedule": "ENABLED",
          "canary-schedule": enabled ? "ENABLED" : "DISABLED",
        });
      });

      it("shows every function, the table and the dead letters on its dashboard", () => {
        const [dashboard] = ofType(environment, "aws:cloudwatch/dashboard:Dashboard");
        const body = String(dashboard?.inputs.dashboardBody);
        const { widgets } = JSON.parse(body);
        expect(widgets).to.have.length(9);
        for (const name of [...FUNCTIONS, "items", "analysis-dlq"])
          expect(body).to.include(`"${environment}-sentiment-${name}"`);
        expect(widgets[0].properties.alarms).to.have.length(2 * FUNCTIONS.length + 3);
      });

      it("tells the orchestrator what it needs to know", () => {
        const { outputs } = run(environment);
        const prefix = `${environment}-sentiment`;
        expect(outputs.functions).to.deep.equal(
          Object.fromEntries(
            FUNCTIONS.map((name) => [
              name,
              { functionName: `${prefix}-${name}`, version: "1", alias: "live" },
            ]),
          ),
        );
        expect(outputs.alarms).to.include.members([`${prefix}-canary-errors`, `${prefix}-items-throttles`]);
        expect(outputs).to.include({
          dashboardUrl: "https://example.lambda-url.us-east-1.on.aws/",
          alertsTopicArn: `arn:aws:sns:us-east-1:123456789012:${prefix}-alerts`,
          notificationsTopicArn: `arn:aws:sns:us-east-1:123456789012:${prefix}-analysis-notifications`,
          itemsTable: `${prefix}-items`,
          metricsDashboard: `${prefix}-service`,
        });
      });
    });
  }

  it("differs between environments only in names and in declared configuration", () => {
    const [one, other] = ENVIRONMENTS.map((environment) => neutral(environment, run(environment)));
    expect(one).to.deep.equal(other);
  });

  it("refuses a release that has no package for a function", async () => {
    const broken = program({ ...RELEASE, packages: { ingestion: RELEASE.packages.ingestion } });
    const failure = await mockedRun("preprod", broken).catch((error: Error) => error.message);
    expect(failure).to.equal(`Release ${RELEASE.sha} has no package for the function analysis.`);
  });
});

/** The resources of a run with the environment's name and its configured values taken out. */
function neutral(environment: string, { resources }: MockedRun): string[] {
  const canary = stackFile(environment).config["sentiment-analyzer:canaryEnabled"];
  const declared = Object.entries(stackFile(environment).config)
    .filter(([, value]) => typeof value === "string")
    .map(([key, value]) => [String(value), `<${key}>`] as const);
  return resources
    .map((resource) => {
      let text = JSON.stringify(resource);
      // Whether the canary runs by itself is declared; its rule's state is where that ends.
      if (resource.name === "canary-schedule")
        text = text.replace(canary ? '"ENABLED"' : '"DISABLED"', '"<canaryEnabled>"');
      for (const [value, key] of declared) text = text.replaceAll(JSON.stringify(value), JSON.stringify(key));
      return text.replaceAll(new RegExp(`\\b${environment}\\b`, "g"), "<environment>");
    })
    .sort();
}
