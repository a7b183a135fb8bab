import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { clientConfig, eventually } from "./emulator-fixture.ts";

/** The sum of a Lambda metric over the last minutes; undefined when there is no such series. */
export async function sumOf(dimensions: Record<string, string>, metric: string): Promise<number | undefined> {
  const cloudwatch = new CloudWatchClient(await clientConfig());
  const { Datapoints = [] } = await cloudwatch.send(
    new GetMetricStatisticsCommand({
      Namespace: "AWS/Lambda",
      MetricName: metric,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      StartTime: new Date(Date.now() - 600_000),
      EndTime: new Date(Date.now() + 60_000),
      Period: 3600,
      Statistics: ["Sum"],
    }),
  );
  return Datapoints.length === 0 ? undefined : Datapoints.reduce((sum, point) => sum + (point.Sum ?? 0), 0);
}

/** Waits until the metric's sum is at least this. */
export async function atLeast(
  dimensions: Record<string, string>,
  metric: string,
  wanted: number,
): Promise<number> {
  return await eventually(async () => {
    const sum = await sumOf(dimensions, metric);
    return sum !== undefined && sum >= wanted && sum;
  });
}
