import {
  CostExplorerClient,
  CreateAnomalyMonitorCommand,
  CreateAnomalySubscriptionCommand,
  DeleteAnomalyMonitorCommand,
  GetAnomalyMonitorsCommand,
  GetAnomalySubscriptionsCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAnomalySubscriptionCommand,
} from "@aws-sdk/client-cost-explorer";
import { expect } from "chai";
import { clientConfig } from "./emulator-fixture.ts";
import { clientConfigOf, fate } from "./principal.ts";

describe("emulator: Cost Explorer", () => {
  let client: CostExplorerClient;
  let MonitorArn = "";

  before(async () => {
    client = new CostExplorerClient(await clientConfig());
    const created = await client.send(
      new CreateAnomalyMonitorCommand({
        AnomalyMonitor: { MonitorName: "spend", MonitorType: "DIMENSIONAL", MonitorDimension: "SERVICE" },
        ResourceTags: [{ Key: "env", Value: "preprod" }],
      }),
    );
    MonitorArn = created.MonitorArn ?? "";
  });

  it("keeps an anomaly monitor", async () => {
    const { AnomalyMonitors } = await client.send(
      new GetAnomalyMonitorsCommand({ MonitorArnList: [MonitorArn] }),
    );
    expect(AnomalyMonitors).to.have.length(1);
    expect(AnomalyMonitors?.[0]).to.include({
      MonitorArn,
      MonitorName: "spend",
      MonitorDimension: "SERVICE",
    });
  });

  it("keeps and changes an anomaly subscription", async () => {
    const { SubscriptionArn } = await client.send(
      new CreateAnomalySubscriptionCommand({
        AnomalySubscription: {
          SubscriptionName: "mail",
          MonitorArnList: [MonitorArn],
          Subscribers: [{ Type: "EMAIL", Address: "on-call@example.com" }],
          Frequency: "DAILY",
          Threshold: 10,
        },
      }),
    );
    const Dimensions = { Key: "ANOMALY_TOTAL_IMPACT_ABSOLUTE" as const, Values: ["25"] };
    await client.send(
      new UpdateAnomalySubscriptionCommand({ SubscriptionArn, ThresholdExpression: { Dimensions } }),
    );
    const { AnomalySubscriptions } = await client.send(new GetAnomalySubscriptionsCommand({ MonitorArn }));
    expect(AnomalySubscriptions).to.have.length(1);
    expect(AnomalySubscriptions?.[0]).to.deep.include({
      SubscriptionName: "mail",
      ThresholdExpression: { Dimensions },
    });
    expect(AnomalySubscriptions?.[0]?.Subscribers?.[0]?.Status).to.equal("CONFIRMED");
  });

  it("keeps and changes tags", async () => {
    const tags = async () =>
      (await client.send(new ListTagsForResourceCommand({ ResourceArn: MonitorArn }))).ResourceTags;
    await client.send(
      new TagResourceCommand({ ResourceArn: MonitorArn, ResourceTags: [{ Key: "team", Value: "a" }] }),
    );
    await client.send(new UntagResourceCommand({ ResourceArn: MonitorArn, ResourceTagKeys: ["env"] }));
    expect(await tags()).to.deep.equal([{ Key: "team", Value: "a" }]);
  });

  it("knows nothing of a monitor that was deleted", async () => {
    await client.send(new DeleteAnomalyMonitorCommand({ MonitorArn }));
    const gone = await client
      .send(new GetAnomalyMonitorsCommand({ MonitorArnList: [MonitorArn] }))
      .catch((e) => e);
    expect(gone).to.have.property("name", "UnknownMonitorException");
  });

  it("is known to policies by its tags: those it is made with, and those it has", async () => {
    const tagged = (key: string) => ({ StringEquals: { [`aws:${key}Tag/env`]: "mine" } });
    const statements = [
      { Effect: "Allow", Action: "ce:CreateAnomalyMonitor", Resource: "*", Condition: tagged("Request") },
      { Effect: "Allow", Action: "ce:DeleteAnomalyMonitor", Resource: "*", Condition: tagged("Resource") },
    ];
    const own = new CostExplorerClient(await clientConfigOf("cost-keeper", statements));
    const make = (Value: string) =>
      own.send(
        new CreateAnomalyMonitorCommand({
          AnomalyMonitor: { MonitorName: Value, MonitorType: "DIMENSIONAL", MonitorDimension: "SERVICE" },
          ResourceTags: [{ Key: "env", Value }],
        }),
      );
    expect(await fate(make("theirs"))).to.equal("denied");
    const mine = (await make("mine")).MonitorArn;
    const remove = (arn?: string) => own.send(new DeleteAnomalyMonitorCommand({ MonitorArn: arn }));
    expect(await fate(remove(MonitorArn))).to.equal("denied");
    expect(await fate(remove(mine))).to.equal("allowed");
  });
});
