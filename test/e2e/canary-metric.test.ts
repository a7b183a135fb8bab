import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { clientSettings } from "../../orchestrator/adapters/aws-access.ts";
import { type Service, service } from "./service-fixture.ts";

/** A line of a log from which CloudWatch makes metrics: the embedded metric format. */
type Embedded = Record<string, unknown> & {
  _aws: {
    Timestamp: number;
    CloudWatchMetrics: {
      Namespace: string;
      Dimensions: string[][];
      Metrics: { Name: string; Unit?: string }[];
    }[];
  };
};

describe("the canary's metric", function () {
  this.timeout(30_000);
  let at: Service;
  let lines: string[];

  before(async function () {
    this.timeout(900_000); // a fresh machine builds the engine first
    at = await service();
    const { LogResult = "", FunctionError } = await new LambdaClient(clientSettings(at.access)).send(
      new InvokeCommand({
        FunctionName: `${at.environment}-sentiment-canary`,
        Qualifier: "live",
        LogType: "Tail",
      }),
    );
    expect(FunctionError).to.equal(undefined);
    lines = Buffer.from(LogResult, "base64").toString("utf8").split("\n");
  });

  const embedded = () => {
    const found = lines.filter((line) => line.includes("_aws"));
    expect(found, lines.join("\n")).to.have.length(1);
    // CloudWatch reads a metric only in a line that is JSON from its first character to its last.
    return JSON.parse(found[0] ?? "") as Embedded;
  };

  it("is one line of the log that says when, under which name, and of which function", () => {
    const { _aws, ...rest } = embedded();
    expect(Math.abs(_aws.Timestamp - Date.now())).to.be.below(60_000);
    expect(_aws.CloudWatchMetrics).to.deep.equal([
      {
        Namespace: "SentimentCanary",
        Dimensions: [["FunctionName"]],
        Metrics: [{ Name: "Healthy" }, { Name: "HealthLatency", Unit: "Milliseconds" }],
      },
    ]);
    expect(rest).to.have.all.keys("FunctionName", "Healthy", "HealthLatency");
    expect(rest.FunctionName).to.equal(`${at.environment}-sentiment-canary`);
  });

  it("has a value for each metric and each dimension that it names, as the format wants them", () => {
    const line = embedded();
    for (const { Namespace, Dimensions, Metrics } of line._aws.CloudWatchMetrics) {
      expect(Namespace).to.match(/^[\w.\-/#:]{1,256}$/);
      for (const name of Dimensions.flat()) expect(line[name], name).to.be.a("string").and.not.equal("");
      for (const { Name } of Metrics) expect(line[Name], Name).to.be.a("number").and.satisfy(Number.isFinite);
    }
    expect(line.Healthy).to.equal(1);
    expect(line.HealthLatency).to.be.within(1, 5_000);
  });
});
