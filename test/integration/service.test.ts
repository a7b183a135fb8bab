import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import {
  DescribeRuleCommand,
  EventBridgeClient,
  ListTargetsByRuleCommand,
} from "@aws-sdk/client-eventbridge";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { type Deployed, deployed } from "./deployed.ts";

type Health = { status: string; version: string; timestamp: string };
type Listed = { items: { id: string; url: string; title: string; publishedAt: string }[]; count: number };
type Counts = { fetched: number; stored: number; known: number; skipped: number; release: string };

describe("the deployed service", function () {
  this.timeout(15_000);
  let service: Deployed;

  before(() => {
    service = deployed();
  });

  it("refuses /health without the key and with a wrong one", async () => {
    expect((await service.ask("/health", null)).status).to.equal(401);
    expect((await service.ask("/health", "not-the-key")).status).to.equal(401);
  });

  it("answers /health with the release that was deployed, within 5 s", async () => {
    const { status, body, ms } = await service.ask("/health");
    expect(status).to.equal(200);
    const health = body as Health;
    expect(health.status).to.equal("healthy");
    expect(health.version).to.equal(service.sha);
    expect(Date.parse(health.timestamp)).to.be.a("number").and.not.NaN;
    expect(ms).to.be.below(5_000);
  });

  it("takes news in and lists it", async () => {
    const counts = await ingest(service);
    expect(counts.release).to.equal(service.sha);
    expect(counts.fetched).to.equal(counts.stored + counts.known + counts.skipped);
    expect(counts.fetched).to.be.above(0);
    const { status, body } = await service.ask("/api/items?limit=100");
    expect(status).to.equal(200);
    const { items } = body as Listed;
    expect(items).to.have.length.above(0);
    for (const item of items) expect(item).to.include.keys("id", "url", "title", "publishedAt");
    const times = items.map(({ publishedAt }) => publishedAt);
    expect(times).to.deep.equal(times.toSorted().toReversed());
  });

  it("takes the same news in only once", async () => {
    expect((await ingest(service)).known).to.be.above(0);
    const { items } = (await service.ask("/api/items?limit=100")).body as Listed;
    const urls = items.map(({ url }) => url);
    expect(urls).to.deep.equal([...new Set(urls)]);
  });

  it("refuses a limit that is none and a path that is not there", async () => {
    expect((await service.ask("/api/items?limit=0")).status).to.equal(400);
    expect((await service.ask("/nothing")).status).to.equal(404);
  });

  it("runs ingestion on its schedule, enabled, at the alias that has the traffic", async () => {
    const events = new EventBridgeClient();
    const ingestion = service.outputs.functions.ingestion;
    const Name = `${ingestion?.functionName}-schedule`;
    const rule = await events.send(new DescribeRuleCommand({ Name }));
    expect(rule.State).to.equal("ENABLED");
    expect(rule.ScheduleExpression).to.match(/^(rate|cron)\(/);
    const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ Rule: Name }));
    const aliasSuffix = `:${ingestion?.functionName}:${ingestion?.alias}`;
    expect(Targets.map(({ Arn }) => Arn?.slice(-aliasSuffix.length))).to.deep.equal([aliasSuffix]);
  });

  it("has an alarm for every function, switched on, that tells the alerts topic", async () => {
    const { alarms, alertsTopicArn, functions } = service.outputs;
    const { MetricAlarms = [] } = await new CloudWatchClient().send(
      new DescribeAlarmsCommand({ AlarmNames: alarms }),
    );
    expect(MetricAlarms.map(({ AlarmName }) => AlarmName)).to.have.members(alarms);
    for (const { functionName } of Object.values(functions)) {
      expect(MetricAlarms.map(({ AlarmName }) => AlarmName)).to.include(`${functionName}-errors`);
    }
    for (const alarm of MetricAlarms) {
      expect(alarm.ActionsEnabled).to.equal(true);
      expect(alarm.AlarmActions).to.deep.equal([alertsTopicArn]);
    }
  });
});

async function ingest({ outputs }: Deployed): Promise<Counts> {
  const ingestion = outputs.functions.ingestion;
  const { FunctionError, Payload } = await new LambdaClient().send(
    new InvokeCommand({ FunctionName: ingestion?.functionName, Qualifier: ingestion?.alias }),
  );
  const answer = JSON.parse(new TextDecoder().decode(Payload));
  expect(FunctionError, JSON.stringify(answer)).to.equal(undefined);
  return answer as Counts;
}
