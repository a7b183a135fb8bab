import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  type DescribeAlarmsCommandInput,
  type MetricAlarm,
} from "@aws-sdk/client-cloudwatch";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { cloudwatchAlarms } from "../../../orchestrator/adapters/cloudwatch-alarms.ts";

const COUNT = 500;
const throttled = Object.assign(new Error("Rate exceeded"), { name: "ThrottlingException" });

/** An account with 500 alarms, which gives no more than a hundred at once. */
function page({ NextToken = "0", MaxRecords = 50 }: DescribeAlarmsCommandInput) {
  const first = Number(NextToken);
  const next = first + Math.min(100, MaxRecords);
  const MetricAlarms = Array.from(
    { length: Math.min(next, COUNT) - first },
    (_, n): MetricAlarm => ({
      AlarmName: `trial-${first + n}`,
      StateValue: first + n === COUNT - 1 ? "ALARM" : "OK",
      ActionsEnabled: true,
      Threshold: 5,
    }),
  );
  return next < COUNT ? { MetricAlarms, NextToken: String(next) } : { MetricAlarms };
}

describe("the alarms of CloudWatch", () => {
  const cloudwatch = mockClient(CloudWatchClient);
  const { list } = cloudwatchAlarms("trial-", { region: "us-east-1" });

  beforeEach(() => cloudwatch.reset());
  after(() => cloudwatch.restore());

  it("are all read, page by page, and the one on the last page is seen to fire", async () => {
    cloudwatch.on(DescribeAlarmsCommand).callsFake(page);
    const alarms = await list();
    expect(new Set(alarms.map(({ name }) => name)).size).to.equal(COUNT);
    expect(alarms.filter(({ state }) => state === "ALARM").map(({ name }) => name)).to.deep.equal([
      "trial-499",
    ]);
    const asked = cloudwatch.commandCalls(DescribeAlarmsCommand).map(({ args: [{ input }] }) => input);
    expect(asked).to.have.length(5);
    for (const { AlarmNamePrefix, AlarmTypes } of asked)
      expect({ AlarmNamePrefix, AlarmTypes }).to.deep.equal({
        AlarmNamePrefix: "trial-",
        AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
      });
  });

  it("are not read in part: a page that is throttled is no reading at all", async () => {
    cloudwatch
      .on(DescribeAlarmsCommand)
      .callsFake((input) => (input.NextToken === "400" ? Promise.reject(throttled) : page(input)));
    expect(await list().catch((error) => error.name)).to.equal("ThrottlingException");
  });

  it("are the same alarm while only their state changes, and another when their threshold does", async () => {
    const alarm: MetricAlarm = { AlarmName: "trial-errors", StateValue: "OK", Threshold: 5 };
    const definitionOf = async (changes: MetricAlarm) => {
      cloudwatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [{ ...alarm, ...changes }] });
      return (await list())[0]?.definition;
    };
    const before = await definitionOf({});
    const inAlarm = {
      StateValue: "ALARM",
      StateReason: "it fires",
      StateUpdatedTimestamp: new Date(0),
    } as const;
    expect(await definitionOf(inAlarm)).to.equal(before);
    expect(await definitionOf({ Threshold: 500 })).not.to.equal(before);
  });
});
