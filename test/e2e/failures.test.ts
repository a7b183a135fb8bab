import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { expect } from "chai";
import { accessVariables, clientSettings } from "../../orchestrator/adapters/aws-access.ts";
import { lastRecord } from "../../rehearsal/record.ts";
import { launch } from "./command.ts";
import { type Service, service } from "./service-fixture.ts";

const MOCHA = ["node_modules/mocha/bin/mocha.js", "--reporter", "json"];

/** What the suite is given by a promotion, and the key and the release that it looks for. */
type Given = { key?: string; sha?: string; outputs?: object };

describe("the integration suite, against what runs", function () {
  this.timeout(240_000);
  let at: Service;
  let outputs: Record<string, unknown>;

  before(async function () {
    this.timeout(900_000); // a fresh machine builds the engine first
    at = await service();
    const { MetricAlarms = [] } = await new CloudWatchClient(clientSettings(at.access)).send(
      new DescribeAlarmsCommand({ AlarmNamePrefix: `${at.environment}-` }),
    );
    const prefix = `${at.environment}-sentiment`;
    const names = ["ingestion", "analysis", "dashboard", "canary"];
    outputs = {
      functions: Object.fromEntries(
        names.map((name) => [name, { functionName: `${prefix}-${name}`, version: "1", alias: "live" }]),
      ),
      dashboardUrl: at.url,
      alarms: MetricAlarms.map(({ AlarmName }) => AlarmName),
      alertsTopicArn: `arn:aws:sns:us-east-1:000000000000:${prefix}-alerts`,
      itemsTable: `${prefix}-items`,
    };
  });

  /** Runs a file of the suite as the environment's deployer; returns the titles of what failed. */
  async function suite(file: string, { key, sha, outputs: other }: Given, env: NodeJS.ProcessEnv = {}) {
    const record = await lastRecord(at.checkout.rehearsal);
    const credentials = record?.environments[at.environment]?.credentials;
    const given = join(at.checkout.scratch, "given.json");
    writeFileSync(given, JSON.stringify({ ...outputs, ...other }));
    const words = [process.execPath, ...MOCHA, `test/integration/${file}.test.ts`];
    const { out, ms } = await launch(at.checkout, words, {
      ...accessVariables({ ...at.access, credentials }),
      INTEGRATION_OUTPUTS: given,
      INTEGRATION_API_KEY: key ?? at.key,
      INTEGRATION_SHA: sha ?? at.sha,
      ...env,
    }).ended;
    const { stats, failures } = JSON.parse(out);
    return { passed: stats.passes, failed: failures.map(({ title }: { title: string }) => title), ms };
  }

  it("passes, in less than 20 s", async () => {
    const [one, other] = [await suite("service", {}), await suite("watching", {})];
    expect([...one.failed, ...other.failed]).to.deep.equal([]);
    expect(one.passed + other.passed).to.equal(19);
    expect(one.ms + other.ms).to.be.below(20_000);
  });

  it("shows that what fails for good is kept, and that an alarm fires, is told and is over", async () => {
    const { passed, failed, ms } = await suite("failures", {}, { INTEGRATION_FAILURES: "1" });
    expect(failed).to.deep.equal([]);
    expect(passed).to.equal(2);
    expect(ms).to.be.below(90_000);
  });

  it("notices another release than the one that was deployed", async () => {
    const sha = "0".repeat(40);
    expect((await suite("service", { sha })).failed).to.include.members([
      "answers /health with the release that was deployed, within 5 s",
      "takes news in, lists it newest first, and scores it",
    ]);
    expect((await suite("watching", { sha })).failed).to.include(
      "is a canary that finds the service well, in the release that was deployed",
    );
  });

  it("notices a key that is refused", async () => {
    const { failed } = await suite("service", { key: "another" });
    expect(failed).to.include("answers /health with the release that was deployed, within 5 s");
  });

  it("notices an alarm that is not there", async () => {
    const alarms = [...(outputs.alarms as string[]), `${at.environment}-gone`];
    expect((await suite("watching", { outputs: { alarms } })).failed).to.have.length(1);
  });
});
