import {
  CloudWatchClient,
  type MetricDataQuery,
  type MetricDataResult,
  paginateGetMetricData,
} from "@aws-sdk/client-cloudwatch";
import type { MeasuredVersion, Metrics, Minute } from "../ports/metrics.ts";
import { type AwsAccess, clientSettings } from "./aws-access.ts";

const ALIAS = "live";
const MINUTE_MS = 60_000;
/** One request takes 500 queries, and a version needs three. */
const VERSIONS_AT_ONCE = 150;

const WANTED = { Invocations: "Sum", Errors: "Sum", Duration: "Average" } as const;
type Name = keyof typeof WANTED;
const NAMES = Object.keys(WANTED) as Name[];

/** Lambda's own metrics, by the dimensions that tell the versions behind a weighted alias apart. */
export function cloudwatchMetrics(access: AwsAccess): Metrics {
  const client = new CloudWatchClient(clientSettings(access));

  async function some(versions: MeasuredVersion[], { from, to }: { from: Date; to: Date }) {
    const found = versions.map(() => new Map<string, Minute>());
    const pages = paginateGetMetricData(
      { client },
      { MetricDataQueries: queriesOf(versions), StartTime: wholeMinute(from), EndTime: to },
    );
    for await (const { MetricDataResults = [] } of pages)
      for (const result of MetricDataResults) note(found, result);
    return found.map(inOrder);
  }

  return {
    async ofVersions(versions, within) {
      const chunks: MeasuredVersion[][] = [];
      for (let first = 0; first < versions.length; first += VERSIONS_AT_ONCE)
        chunks.push(versions.slice(first, first + VERSIONS_AT_ONCE));
      return (await Promise.all(chunks.map((chunk) => some(chunk, within)))).flat();
    },
  };
}

const queriesOf = (versions: MeasuredVersion[]): MetricDataQuery[] =>
  versions.flatMap(({ functionName, version }, index) =>
    NAMES.map((MetricName) => ({
      Id: `${MetricName.toLowerCase()}_${index}`,
      MetricStat: {
        Metric: {
          Namespace: "AWS/Lambda",
          MetricName,
          Dimensions: [
            { Name: "FunctionName", Value: functionName },
            { Name: "Resource", Value: `${functionName}:${ALIAS}` },
            { Name: "ExecutedVersion", Value: version },
          ],
        },
        Period: MINUTE_MS / 1_000,
        Stat: WANTED[MetricName],
      },
    })),
  );

function note(found: Map<string, Minute>[], { Id = "", Timestamps = [], Values = [] }: MetricDataResult) {
  const [metric, index] = Id.split("_");
  const minutes = found[Number(index)];
  for (const [n, time] of Timestamps.entries()) {
    const value = Values[n];
    if (!minutes || value === undefined) continue;
    const at = wholeMinute(time).toISOString();
    const minute = minutes.get(at) ?? { at, invocations: 0, errors: 0, ms: null };
    minutes.set(at, minute);
    if (metric === "invocations") minute.invocations += value;
    else if (metric === "errors") minute.errors += value;
    else minute.ms = value;
  }
}

const wholeMinute = (time: Date) => new Date(Math.floor(time.getTime() / MINUTE_MS) * MINUTE_MS);

const inOrder = (minutes: Map<string, Minute>) =>
  [...minutes.values()].sort((one, other) => (one.at < other.at ? -1 : 1));
