import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  DescribeAlarmsForMetricCommand,
  type MetricAlarm,
  type PutMetricAlarmCommandInput,
} from "@aws-sdk/client-cloudwatch";
import { AwsJson1_0Protocol, AwsQueryProtocol, AwsSmithyRpcV2CborProtocol } from "@aws-sdk/core/protocols";
import { expect } from "chai";
import { becomes, metric, putAlarm, putPoint } from "./alarm.ts";
import { account, clientConfig, region } from "./emulator-fixture.ts";

const action = `arn:aws:sns:${region}:${account}:alerts`;
const settings = {
  namespace: "com.amazonaws.cloudwatch",
  defaultNamespace: "com.amazonaws.cloudwatch",
  xmlNamespace: "http://monitoring.amazonaws.com/doc/2010-08-01/",
  version: "2010-08-01",
  serviceTarget: "GraniteServiceVersion20100801",
};

const given = {
  AlarmDescription: 'errors & <"worse">',
  ActionsEnabled: true,
  AlarmActions: [action],
  OKActions: [action],
  InsufficientDataActions: [action],
  Namespace: "Contract",
  MetricName: "Bad",
  Dimensions: [{ Name: "Service", Value: "told" }],
  Statistic: "Sum",
  Period: 60,
  EvaluationPeriods: 3,
  DatapointsToAlarm: 2,
  Threshold: 0.5,
  ComparisonOperator: "GreaterThanThreshold",
  TreatMissingData: "notBreaching",
} satisfies Partial<PutMetricAlarmCommandInput>;

for (const Protocol of [AwsQueryProtocol, AwsJson1_0Protocol, AwsSmithyRpcV2CborProtocol]) {
  describe(`emulator: DescribeAlarms over ${Protocol.name}`, () => {
    const prefix = `told-${Protocol.name}`;
    let client: CloudWatchClient;

    before(async () => {
      client = new CloudWatchClient({ ...(await clientConfig()), protocol: new Protocol(settings) });
    });

    const one = async (name: string): Promise<MetricAlarm> => {
      const { MetricAlarms = [] } = await client.send(new DescribeAlarmsCommand({ AlarmNames: [name] }));
      expect(MetricAlarms).to.have.length(1);
      return MetricAlarms[0] as MetricAlarm;
    };

    it("tells everything about an alarm", async () => {
      await putAlarm(`${prefix}-1`, "told", given, client);
      await becomes(`${prefix}-1`, "OK");
      const told = await one(`${prefix}-1`);
      expect(told).to.deep.include(given);
      expect(told.AlarmArn).to.equal(`arn:aws:cloudwatch:${region}:${account}:alarm:${prefix}-1`);
      expect(told.StateReason).to.be.a("string");
      for (const at of [
        "StateUpdatedTimestamp",
        "StateTransitionedTimestamp",
        "AlarmConfigurationUpdatedTimestamp",
      ] as const) {
        expect(Date.now() - (told[at] as Date).getTime(), at).to.be.within(0, 60_000);
      }
    });

    it("makes up nothing for an alarm on metric math or a percentile", async () => {
      const Metrics = [metric("a", "told", "Bad"), { Id: "e", Expression: "FILL(a, 0)", ReturnData: true }];
      await putAlarm(`${prefix}-2`, "told", { Metrics }, client);
      const math = await one(`${prefix}-2`);
      expect(math.Metrics).to.deep.equal(Metrics);
      expect(math).to.not.have.any.keys("MetricName", "Namespace", "Statistic", "Period", "AlarmDescription");
      await putAlarm(`${prefix}-3`, "told", { Statistic: undefined, ExtendedStatistic: "p99" }, client);
      expect(await one(`${prefix}-3`))
        .to.include({ ExtendedStatistic: "p99" })
        .and.not.have.property("Statistic");
    });

    it("pages, and chooses by prefix, state and actions", async () => {
      await putPoint(prefix, 1);
      await putAlarm(`${prefix}-4`, prefix, {}, client);
      await becomes(`${prefix}-4`, "ALARM");
      const all = { AlarmNamePrefix: prefix };
      const first = await client.send(new DescribeAlarmsCommand({ ...all, MaxRecords: 3 }));
      const rest = await client.send(
        new DescribeAlarmsCommand({ ...all, MaxRecords: 3, NextToken: first.NextToken }),
      );
      expect(names([...(first.MetricAlarms ?? []), ...(rest.MetricAlarms ?? [])])).to.deep.equal(
        [1, 2, 3, 4].map((n) => `${prefix}-${n}`),
      );
      expect(rest.NextToken).to.equal(undefined);
      const firing = await client.send(new DescribeAlarmsCommand({ ...all, StateValue: "ALARM" }));
      expect(names(firing.MetricAlarms)).to.deep.equal([`${prefix}-4`]);
      const acting = await client.send(new DescribeAlarmsCommand({ ...all, ActionPrefix: "arn:aws:sns" }));
      expect(names(acting.MetricAlarms)).to.deep.equal([`${prefix}-1`]);
    });

    it("finds the alarms of a metric by its dimensions", async () => {
      const wanted = {
        Namespace: "Contract",
        MetricName: "Bad",
        Dimensions: [{ Name: "Service", Value: prefix }],
      };
      const found = await client.send(new DescribeAlarmsForMetricCommand(wanted));
      expect(names(found.MetricAlarms)).to.deep.equal([`${prefix}-4`]);
    });
  });
}

function names(alarms: MetricAlarm[] = []): (string | undefined)[] {
  return alarms.map((alarm) => alarm.AlarmName);
}
