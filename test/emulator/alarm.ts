import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  type MetricAlarm,
  type MetricDatum,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import { clientConfig, eventually } from "./emulator-fixture.ts";

const namespace = "Contract";

export async function cloudwatch(): Promise<CloudWatchClient> {
  return new CloudWatchClient(await clientConfig());
}

/** An alarm on Sum(Bad) > 0 of `service`, one period of a minute, unless told otherwise. */
export async function putAlarm(
  name: string,
  service: string,
  more: Partial<PutMetricAlarmCommandInput> = {},
  client?: CloudWatchClient,
) {
  const oneMetric = {
    Namespace: namespace,
    MetricName: "Bad",
    Dimensions: [{ Name: "Service", Value: service }],
    Statistic: "Sum" as const,
    Period: 60,
  };
  await (client ?? (await cloudwatch())).send(
    new PutMetricAlarmCommand({
      AlarmName: name,
      ...(more.Metrics ? {} : oneMetric),
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: "GreaterThanThreshold",
      ...more,
    }),
  );
}

/** A data point of `service`, stamped that many seconds ago. */
export async function putPoint(service: string, value: number, secondsAgo = 0, name = "Bad"): Promise<void> {
  const datum: MetricDatum = {
    MetricName: name,
    Value: value,
    Timestamp: new Date(Date.now() - secondsAgo * 1000),
    Dimensions: [{ Name: "Service", Value: service }],
  };
  await (await cloudwatch()).send(new PutMetricDataCommand({ Namespace: namespace, MetricData: [datum] }));
}

export function metric(id: string, service: string, name: string) {
  const of = { Namespace: namespace, MetricName: name, Dimensions: [{ Name: "Service", Value: service }] };
  return { Id: id, ReturnData: false, MetricStat: { Metric: of, Period: 60, Stat: "Sum" } };
}

export async function alarm(name: string): Promise<MetricAlarm> {
  const { MetricAlarms } = await (await cloudwatch()).send(new DescribeAlarmsCommand({ AlarmNames: [name] }));
  const [found] = MetricAlarms ?? [];
  if (!found) throw new Error(`no alarm ${name}`);
  return found;
}

export async function becomes(name: string, state: string, patienceMs?: number): Promise<MetricAlarm> {
  return await eventually(async () => {
    const found = await alarm(name);
    return found.StateValue === state && found;
  }, patienceMs);
}
