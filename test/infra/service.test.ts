import { expect } from "chai";
import { program } from "../../infra/service.ts";
import { type MockedRun, mockedRun, stackFile } from "./mocked-run.ts";

const RELEASE = {
  sha: "0123456789abcdef0123456789abcdef01234567",
  packages: {
    ingestion: { key: "ingestion/0123/lambda.zip", codeSha256: "aW5nZXN0aW9u" },
    dashboard: { key: "dashboard/0123/lambda.zip", codeSha256: "ZGFzaGJvYXJk" },
  },
};
const ENVIRONMENTS = ["preprod", "prod"];

/** The design's table of resources that preprod must have as prod has them. */
const MIRRORED = [
  ["aws:dynamodb/table:Table", "sentiment-items"],
  ["aws:sns/topic:Topic", "sentiment-analysis-notifications"],
  ["aws:sns/topic:Topic", "sentiment-alerts"],
  ["aws:sqs/queue:Queue", "sentiment-analysis-dlq"],
  ["aws:lambda/function:Function", "sentiment-ingestion"],
  ["aws:lambda/function:Function", "sentiment-dashboard"],
  ["aws:iam/role:Role", "sentiment-ingestion-role"],
  ["aws:iam/role:Role", "sentiment-dashboard-role"],
  ["aws:cloudwatch/eventRule:EventRule", "sentiment-ingestion-schedule"],
  ["aws:cloudwatch/metricAlarm:MetricAlarm", "sentiment-ingestion-errors"],
  ["aws:cloudwatch/metricAlarm:MetricAlarm", "sentiment-dashboard-errors"],
] as const;

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

      it("names everything that has a name after itself, and gives no name twice", () => {
        const named = run(environment).resources.filter(({ inputs }) => inputs.name !== undefined);
        const own = named.filter(({ type }) => !/rolePolicy|lambda\/alias/.test(type));
        for (const { inputs } of own)
          expect(inputs.name).to.match(new RegExp(`^(/aws/lambda/)?${environment}-sentiment-`));
        const names = own.map(({ type, inputs }) => `${type} ${inputs.name}`);
        expect(names).to.deep.equal([...new Set(names)]);
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
        expect(functions).to.have.length(2);
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

      it("gives each alarm an action, a remedy, and no alarm for silence", () => {
        const alarms = ofType(environment, "aws:cloudwatch/metricAlarm:MetricAlarm");
        for (const { inputs } of alarms) {
          const alerts = `arn:aws:sns:us-east-1:123456789012:${environment}-sentiment-alerts`;
          expect(inputs.alarmActions).to.deep.equal([alerts]);
          expect(inputs.alarmDescription).to.include(`--env ${environment}`);
          expect(inputs).to.include({
            statistic: "Sum",
            period: 300,
            evaluationPeriods: 1,
            threshold: 5,
            comparisonOperator: "GreaterThanThreshold",
            treatMissingData: "notBreaching",
          });
        }
      });

      it("tells the orchestrator what it needs to know", () => {
        expect(run(environment).outputs).to.deep.equal({
          functions: {
            ingestion: {
              functionName: `${environment}-sentiment-ingestion`,
              version: "1",
              alias: "live",
            },
            dashboard: {
              functionName: `${environment}-sentiment-dashboard`,
              version: "1",
              alias: "live",
            },
          },
          dashboardUrl: "https://example.lambda-url.us-east-1.on.aws/",
          alarms: [`${environment}-sentiment-ingestion-errors`, `${environment}-sentiment-dashboard-errors`],
          alertsTopicArn: `arn:aws:sns:us-east-1:123456789012:${environment}-sentiment-alerts`,
          itemsTable: `${environment}-sentiment-items`,
        });
      });

      it("gives its roles no wildcard but log streams, indexes and a secret's ending", () => {
        for (const { inputs } of ofType(environment, "aws:iam/rolePolicy:RolePolicy")) {
          const { Statement } = JSON.parse(String(inputs.policy)) as {
            Statement: { Action: string[]; Resource: string[] }[];
          };
          for (const { Action, Resource } of Statement) {
            for (const action of Action) expect(action).to.not.include("*");
            for (const resource of Resource) {
              expect(resource.replace(/(:\*|\/index\/\*|-\?{6})$/, "")).to.match(/^arn:aws:[^*?]+$/);
            }
          }
        }
      });

      it("gives every permission an id of its own", () => {
        const ids = ofType(environment, "aws:lambda/permission:Permission").map(
          ({ inputs }) => inputs.statementId,
        );
        expect(ids).to.have.length(3);
        expect(ids).to.deep.equal([...new Set(ids)]);
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
    expect(failure).to.equal(`Release ${RELEASE.sha} has no package for the function dashboard.`);
  });
});

/** The resources of a run with the environment's name and its configured values taken out. */
function neutral(environment: string, { resources }: MockedRun): string[] {
  const declared = Object.entries(stackFile(environment).config)
    .filter(([, value]) => typeof value === "string")
    .map(([key, value]) => [String(value), `<${key}>`] as const);
  return resources
    .map((resource) => {
      let text = JSON.stringify(resource);
      for (const [value, key] of declared) text = text.replaceAll(JSON.stringify(value), JSON.stringify(key));
      return text.replaceAll(new RegExp(`\\b${environment}\\b`, "g"), "<environment>");
    })
    .sort();
}
