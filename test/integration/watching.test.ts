import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import {
  DescribeRuleCommand,
  EventBridgeClient,
  ListTargetsByRuleCommand,
} from "@aws-sdk/client-eventbridge";
import { expect } from "chai";
import { type Deployed, deadLetters, deployed, invoke } from "./deployed.ts";

type Finding = { healthy: boolean; faults: string[]; ms: number; release: string };

describe("what watches the deployed service", function () {
  this.timeout(15_000);
  let service: Deployed;

  before(() => {
    service = deployed();
  });

  it("is a canary that finds the service well, in the release that was deployed", async () => {
    const { healthy, faults, ms, release } = await invoke<Finding>(service, "canary");
    expect(faults).to.deep.equal([]);
    expect(healthy).to.equal(true);
    expect(release).to.equal(service.sha);
    expect(ms).to.be.below(5_000);
  });

  it("is a canary that notices a key that is refused", async () => {
    const { healthy, faults } = await invoke<Finding>(service, "canary", { drill: { key: "not-the-key" } });
    expect(healthy).to.equal(false);
    expect(faults).to.deep.equal(["with the key: status 401, not 200"]);
  });

  it("is a canary that notices another release than the one it waits for", async () => {
    const version = "0".repeat(40);
    const { faults } = await invoke<Finding>(service, "canary", { drill: { version } });
    expect(faults).to.deep.equal([`with the key: the release is ${service.sha}, not ${version}`]);
  });

  for (const [name, mustRun] of [
    ["ingestion", true],
    ["canary", false],
  ] as const) {
    it(`is run on its schedule at the alias that has the traffic: ${name}`, async () => {
      const events = new EventBridgeClient();
      const target = service.outputs.functions[name];
      const Name = `${target?.functionName}-schedule`;
      const rule = await events.send(new DescribeRuleCommand({ Name }));
      // Whether the canary runs by itself is the environment's choice.
      if (mustRun) expect(rule.State).to.equal("ENABLED");
      expect(rule.ScheduleExpression).to.match(/^(rate|cron)\(/);
      const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ Rule: Name }));
      const aliasSuffix = `:${target?.functionName}:${target?.alias}`;
      expect(Targets.map(({ Arn }) => Arn?.slice(-aliasSuffix.length))).to.deep.equal([aliasSuffix]);
    });
  }

  it("is an alarm on every function and on the dead letters, switched on, that tells the alerts topic", async () => {
    const { alarms, alertsTopicArn, functions } = service.outputs;
    const { MetricAlarms = [] } = await new CloudWatchClient().send(
      new DescribeAlarmsCommand({ AlarmNames: alarms }),
    );
    const names = MetricAlarms.map(({ AlarmName }) => AlarmName);
    expect(names).to.have.members(alarms);
    for (const { functionName } of Object.values(functions)) {
      expect(names).to.include.members([`${functionName}-errors`, `${functionName}-throttles`]);
    }
    const queues = MetricAlarms.flatMap(({ Dimensions = [] }) => Dimensions.map(({ Value }) => Value));
    expect(queues).to.include((await deadLetters(service)).name);
    for (const alarm of MetricAlarms) {
      expect(alarm.ActionsEnabled).to.equal(true);
      expect(alarm.AlarmActions).to.deep.equal([alertsTopicArn]);
      expect(alarm.AlarmDescription).to.be.a("string").and.not.equal("");
    }
  });
});
