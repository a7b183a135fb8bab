import {
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import {
  GetAliasCommand,
  GetFunctionCommand,
  InvokeCommand,
  type LambdaClient,
  UpdateAliasCommand,
} from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { account, clientConfig, region } from "./emulator-fixture.ts";
import { deploy, exposeAlias, get } from "./functions.ts";
import { atLeast, sumOf } from "./lambda-metric.ts";

const tells = (version: number) =>
  `exports.handler = async (event, context) => (console.log("heard"), { statusCode: 200, body: JSON.stringify({ version: "${version}", arn: context.invokedFunctionArn }) });`;

describe("emulator: the weights of an alias", () => {
  const name = "weighted";
  const arn = `arn:aws:lambda:${region}:${account}:function:${name}:live`;
  let lambda: LambdaClient;
  let host: string;

  before(async function () {
    this.timeout(30_000);
    lambda = await deploy(name, [tells(1), tells(2)]);
    host = await exposeAlias(lambda, name, "1", { "2": 0.3 });
  });

  async function invoke(): Promise<{ version: string; executed?: string; arn: string }> {
    const answer = await lambda.send(new InvokeCommand({ FunctionName: name, Qualifier: "live" }));
    const said = JSON.parse(JSON.parse(Buffer.from(answer.Payload ?? []).toString()).body);
    return { ...said, executed: answer.ExecutedVersion };
  }

  async function share(draw: () => Promise<string>, times = 300): Promise<number> {
    let second = 0;
    for (let i = 0; i < times; i++) if ((await draw()) === "2") second++;
    return second / times;
  }

  // 300 draws at 0.3 have a standard deviation of 0.026; drawn twice, the share would be 0.51 or 0.09.
  it("are followed by invocations", async function () {
    this.timeout(30_000);
    expect(await share(async () => (await invoke()).version)).to.be.within(0.2, 0.4);
  });

  it("are followed by the function URL, each request drawn once", async function () {
    this.timeout(30_000);
    expect(await share(async () => JSON.parse((await get(host)).body).version)).to.be.within(0.2, 0.4);
  });

  it("leave the caller's name for the function and the version executed to be seen", async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, invoke));
    for (const answer of answers) {
      expect(answer.arn).to.equal(arn);
      expect(answer.executed).to.equal(answer.version);
    }
    expect(JSON.parse((await get(host)).body).arn).to.equal(arn);
  });

  it("do not touch what describes the function", async () => {
    const versions = new Set<string | undefined>();
    for (let i = 0; i < 20; i++) {
      const { Configuration } = await lambda.send(
        new GetFunctionCommand({ FunctionName: name, Qualifier: "live" }),
      );
      versions.add(Configuration?.Version);
    }
    expect([...versions]).to.deep.equal(["1"]);
    const alias = await lambda.send(new GetAliasCommand({ FunctionName: name, Name: "live" }));
    expect(alias.RoutingConfig?.AdditionalVersionWeights).to.deep.equal({ "2": 0.3 });
  });

  it("send everything to a version with the weight 1, also events", async () => {
    const log = `exports.handler = async () => { throw new Error("unwanted"); };`;
    await deploy("weighted-events", [log, tells(2)]);
    await exposeAlias(lambda, "weighted-events", "1", { "2": 1 });
    const events = new EventBridgeClient(await clientConfig());
    await events.send(
      new PutRuleCommand({ Name: "weighted", EventPattern: JSON.stringify({ source: ["weighted"] }) }),
    );
    const target = `arn:aws:lambda:${region}:${account}:function:weighted-events:live`;
    await events.send(new PutTargetsCommand({ Rule: "weighted", Targets: [{ Id: "1", Arn: target }] }));
    await events.send(
      new PutEventsCommand({ Entries: [{ Source: "weighted", DetailType: "t", Detail: "{}" }] }),
    );
    await atLeast({ FunctionName: "weighted-events" }, "Invocations", 1);
    expect(await sumOf({ FunctionName: "weighted-events" }, "Errors")).to.equal(0);
  }).timeout(20_000);

  it("are gone when the alias is moved without them", async () => {
    await lambda.send(
      new UpdateAliasCommand({
        FunctionName: name,
        Name: "live",
        FunctionVersion: "2",
        RoutingConfig: { AdditionalVersionWeights: {} },
      }),
    );
    expect(await share(async () => (await invoke()).version, 20)).to.equal(1);
  });
});
