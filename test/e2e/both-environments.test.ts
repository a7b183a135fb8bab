import { expect } from "chai";
import { environmentNames } from "../../orchestrator/environment.ts";
import { stackFile } from "../infra/mocked-run.ts";
import { all, type Inventory, inventory } from "./inventory.ts";
import { logRetention } from "./log-groups.ts";
import { type Service, service } from "./service-fixture.ts";

const FUNCTIONS = ["ingestion", "analysis", "dashboard", "canary"];

/** What each role may do beside writing its own log and leaving what failed with the dead letters. */
const GRANTS: Record<string, string[]> = {
  ingestion: ["dynamodb:PutItem", "dynamodb:UpdateItem", "secretsmanager:GetSecretValue", "sns:Publish"],
  analysis: ["dynamodb:GetItem", "dynamodb:UpdateItem"],
  dashboard: ["dynamodb:Query", "secretsmanager:GetSecretValue"],
  canary: ["lambda:GetAlias", "lambda:GetFunctionUrlConfig", "secretsmanager:GetSecretValue", "sns:Publish"],
};
const OWN = ["logs:CreateLogStream", "logs:PutLogEvents", "sqs:SendMessage"];

/** Who invokes each function at its alias, by the statement that lets him. */
const INVOKED_BY: Record<string, string[][]> = {
  ingestion: [["ingestion-live-schedule", "events.amazonaws.com"]],
  analysis: [["analysis-live-notifications", "sns.amazonaws.com"]],
  dashboard: [
    ["dashboard-live-url", "*"],
    ["dashboard-live-url-invoke", "*"],
    ["FunctionURLAllowPublicAccess", "*"], // which the AWS provider adds to a URL without AWS's own authorisation
  ],
  canary: [["canary-live-schedule", "events.amazonaws.com"]],
};

/** Each alarm of the design by the end of its name: what it looks at, and what it fires above. */
const ALARMS: [suffix: string, metric: string | undefined, threshold: number, period: number | undefined][] =
  [
    ...FUNCTIONS.flatMap((name): typeof ALARMS => [
      [`${name}-errors`, "Errors", 5, 300],
      [`${name}-throttles`, "Throttles", 0, 300],
    ]),
    ["items-user-errors", "UserErrors", 10, 300],
    ["items-throttles", undefined, 10, undefined], // of two metrics, by metric math
    ["analysis-dlq-messages", "ApproximateNumberOfMessagesVisible", 5, 60],
  ];

describe("what a promotion to each environment makes", function () {
  this.timeout(240_000);
  let at: Service;
  const names = environmentNames(process.cwd());
  const found = new Map<string, Inventory>();

  before(async function () {
    this.timeout(900_000); // a fresh machine builds the engine first
    at = await service();
    for (const name of names) {
      if (name !== at.environment) expect(await at.promote(name)).to.include({ outcome: "promoted" });
      found.set(name, inventory(name, at.access));
    }
  });

  for (const name of names) {
    describe(name, () => {
      const config = (key: string) => stackFile(name).config[`sentiment-analyzer:${key}`];
      const here = () => found.get(name) as Inventory;
      const queue = () => here().arn("sqs", here().named("analysis-dlq"));
      const alerts = () => here().arn("sns", here().named("alerts"));
      const live = (fn: string) => here().arn("lambda", `function:${here().named(fn)}:live`);

      it("has the table: it cannot be deleted, is encrypted, can be brought back, and its items end", async () => {
        expect(await here().table()).to.deep.equal({
          deletionProtected: true,
          encrypted: "ENABLED",
          key: ["id"],
          indexes: [["by-time", "day", "publishedAt"]],
          ttl: ["ENABLED", "expiresAt"],
          pointInTime: "ENABLED",
        });
      });

      it("has the topic of new items, with the analysis on it and a place for what is not delivered", async () => {
        const { arn, subscribed } = await here().topic("analysis-notifications");
        expect(arn).to.equal(here().arn("sns", here().named("analysis-notifications")));
        expect(subscribed).to.deep.equal([
          { Protocol: "lambda", Endpoint: live("analysis"), redrive: { deadLetterTargetArn: queue() } },
        ]);
      });

      it("has the topic of alerts, with the configured mail on it and who may publish", async () => {
        const { policy, subscribed } = await here().topic("alerts");
        expect(subscribed).to.deep.equal([{ Protocol: "email", Endpoint: config("alertEmail") }]);
        expect(policy.Statement.map((each: { Principal: object }) => each.Principal)).to.deep.equal([
          { Service: "cloudwatch.amazonaws.com" },
          { Service: "costalerts.amazonaws.com" },
        ]);
      });

      it("has the queue of the dead letters, kept for 14 days, for nobody else's", async () => {
        const { policy, ...rest } = await here().deadLetters();
        expect(rest).to.deep.equal({
          arn: queue(),
          days: 14,
          encrypted: "true",
          redrive: { redrivePermission: "denyAll" },
        });
        expect(policy.Statement[0].Condition.ArnEquals["aws:SourceArn"]).to.equal(
          here().arn("sns", here().named("analysis-notifications")),
        );
      });

      for (const fn of FUNCTIONS)
        it(`has the function ${fn} at its alias, with a role of its own and a place for what it fails on`, async () => {
          const { version, invokedBy, ...rest } = await here().function(fn);
          expect(rest).to.deep.equal({
            state: "Active",
            role: `arn:aws:iam::000000000000:role/${here().named(`${fn}-role`)}`,
            reserved: (config("reservedConcurrency") as Record<string, number>)[fn],
            onFailure: queue(),
          });
          expect(invokedBy).to.have.deep.members(INVOKED_BY[fn] ?? []);
          expect(version).to.match(/^\d+$/);
          expect(await here().grants(fn)).to.deep.equal([...OWN, ...(GRANTS[fn] ?? [])].sort());
        });

      it("keeps the log of each function as long as it is told to", async () => {
        expect(await logRetention(at.access, `/aws/lambda/${here().named("")}`)).to.deep.equal(
          Object.fromEntries(
            FUNCTIONS.map((fn) => [`/aws/lambda/${here().named(fn)}`, config("logRetentionDays")]),
          ),
        );
      });

      it("runs ingestion, and the canary where it is told to, on their schedules", async () => {
        expect(await here().schedule("ingestion")).to.deep.equal({
          State: "ENABLED",
          ScheduleExpression: config("ingestionSchedule"),
          targets: [live("ingestion")],
        });
        expect(await here().schedule("canary")).to.deep.equal({
          State: config("canaryEnabled") ? "ENABLED" : "DISABLED",
          ScheduleExpression: config("canarySchedule"),
          targets: [live("canary")],
        });
      });

      it("has a URL for the dashboard, and the two external secrets", async () => {
        const { FunctionUrl, AuthType } = await here().url();
        expect(FunctionUrl).to.match(/^https:\/\/\S+\.on\.aws\/$/);
        expect(AuthType).to.equal("NONE");
        for (const suffix of ["newsapi-key", "dashboard-api-key"])
          expect(await here().secret(suffix)).to.equal(`${name}-${suffix}`);
      });

      it("has every alarm of the design, each with its threshold, its actions and what to do", async () => {
        const alarms = await here().alarms();
        expect(alarms.map(({ AlarmName }) => AlarmName)).to.have.members(
          ALARMS.map(([suffix]) => here().named(suffix)),
        );
        for (const [suffix, metric, threshold, period] of ALARMS) {
          const alarm = alarms.find(({ AlarmName }) => AlarmName === here().named(suffix));
          expect(
            [alarm?.MetricName, alarm?.Threshold, alarm?.Period, alarm?.ComparisonOperator],
            suffix,
          ).to.deep.equal([metric, threshold, period, "GreaterThanThreshold"]);
          expect([alarm?.ActionsEnabled, alarm?.AlarmActions, alarm?.OKActions], suffix).to.deep.equal([
            true,
            [alerts()],
            [alerts()],
          ]);
          expect(alarm?.AlarmDescription?.length, suffix).to.be.above(80);
        }
      });

      it("tells the alerts topic of costs above the configured dollars", async () => {
        const { monitor, subscription } = await here().costs();
        expect(subscription?.MonitorArnList).to.deep.equal([monitor?.MonitorArn]);
        expect(subscription?.Subscribers?.map(({ Type, Address }) => [Type, Address])).to.deep.equal([
          ["SNS", alerts()],
        ]);
        expect(subscription?.ThresholdExpression?.Dimensions).to.deep.include({
          Key: "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
          Values: [String(config("costAnomalyDollars"))],
        });
      });

      it("has its dashboard of metrics", async () => {
        expect((await here().metricsDashboard()).widgets).to.have.length(9);
      });

      it("is left as it is by the same promotion once more", async () => {
        const before = await all(here());
        expect(await at.promote(name)).to.include({ outcome: "unchanged" });
        expect(await all(here())).to.deep.equal(before);
      });
    });
  }
});
