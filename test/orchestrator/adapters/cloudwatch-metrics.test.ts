import {
  CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
} from "@aws-sdk/client-cloudwatch";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { cloudwatchMetrics } from "../../../orchestrator/adapters/cloudwatch-metrics.ts";

const within = { from: new Date("2030-01-01T10:00:30Z"), to: new Date("2030-01-01T10:02:10Z") };
const at = (minute: number) => new Date(Date.UTC(2030, 0, 1, 10, minute));

describe("the counts of CloudWatch", () => {
  const cloudwatch = mockClient(CloudWatchClient);
  const metrics = cloudwatchMetrics({ region: "us-east-1" });
  const asked = () => cloudwatch.commandCalls(GetMetricDataCommand).map(({ args: [{ input }] }) => input);

  beforeEach(() => cloudwatch.reset());
  after(() => cloudwatch.restore());

  it("are asked for by alias and version, from the beginning of a minute", async () => {
    cloudwatch.on(GetMetricDataCommand).resolves({});
    expect(await metrics.ofVersions([{ functionName: "f", version: "3" }], within)).to.deep.equal([[]]);
    const [input] = asked();
    expect(input?.StartTime).to.deep.equal(at(0));
    const wanted = input?.MetricDataQueries?.map(({ MetricStat }) => MetricStat) ?? [];
    expect(wanted.map((each) => [each?.Metric?.MetricName, each?.Stat, each?.Period])).to.deep.equal([
      ["Invocations", "Sum", 60],
      ["Errors", "Sum", 60],
      ["Duration", "Average", 60],
    ]);
    for (const each of wanted)
      expect(each?.Metric?.Dimensions).to.deep.equal([
        { Name: "FunctionName", Value: "f" },
        { Name: "Resource", Value: "f:live" },
        { Name: "ExecutedVersion", Value: "3" },
      ]);
  });

  it("are put together by the minute, whatever page or order they come in", async () => {
    const pages = [
      {
        MetricDataResults: [{ Id: "invocations_0", Timestamps: [at(1), at(0)], Values: [7, 5] }],
        NextToken: "more",
      },
      {
        MetricDataResults: [
          { Id: "errors_0", Timestamps: [at(1)], Values: [2] },
          { Id: "duration_0", Timestamps: [at(0), at(1)], Values: [12.5, 30] },
          { Id: "errors_9", Timestamps: [at(0)], Values: [1] },
        ],
      },
    ];
    cloudwatch.on(GetMetricDataCommand).callsFake(({ NextToken }) => pages[NextToken ? 1 : 0]);
    expect(await metrics.ofVersions([{ functionName: "f", version: "3" }], within)).to.deep.equal([
      [
        { at: at(0).toISOString(), invocations: 5, errors: 0, ms: 12.5 },
        { at: at(1).toISOString(), invocations: 7, errors: 2, ms: 30 },
      ],
    ]);
  });

  it("of many versions are asked for in requests that CloudWatch takes, of 500 queries at most", async () => {
    cloudwatch.on(GetMetricDataCommand).callsFake(({ MetricDataQueries = [] }: GetMetricDataCommandInput) => {
      if (MetricDataQueries.length > 500)
        throw new Error("The collection MetricDataQueries must not exceed 500");
      return {};
    });
    const versions = Array.from({ length: 200 }, (_, n) => ({ functionName: `f${n}`, version: "1" }));
    expect(await metrics.ofVersions(versions, within)).to.have.length(200);
    expect(asked().flatMap(({ MetricDataQueries = [] }) => MetricDataQueries)).to.have.length(600);
  });
});
