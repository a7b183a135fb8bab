import { GetAliasCommand, GetFunctionUrlConfigCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { type AwsStub, mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { handler } from "../../../lambdas/canary/index.ts";
import { metricLine } from "../../../lambdas/canary/metric.ts";
import { environment } from "../environment.ts";
import { quiet } from "../quiet.ts";
import { KEY, type Lie, startLiar } from "./liar.ts";

const TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts";
/** A package that was not built reports this. */
const unreleased: Lie = (response, key) => {
  const health = { status: "healthy", version: "unreleased", timestamp: new Date().toISOString() };
  if (key === KEY) response.end(JSON.stringify(health));
  else response.writeHead(401).end();
};

describe("the canary function", () => {
  quiet();
  let liar: Awaited<ReturnType<typeof startLiar>>;
  // biome-ignore lint/suspicious/noExplicitAny: the stub's own type parameters are of no use here
  let stubs: Record<"lambda" | "sns" | "secrets", AwsStub<any, any, any>>;
  const written: string[] = [];
  const write = process.stdout.write;

  before(async () => {
    liar = await startLiar();
    stubs = {
      lambda: mockClient(LambdaClient),
      sns: mockClient(SNSClient),
      secrets: mockClient(SecretsManagerClient),
    };
  });
  beforeEach(() => {
    for (const stub of Object.values(stubs)) stub.reset();
    stubs.lambda.on(GetFunctionUrlConfigCommand).resolves({ FunctionUrl: liar.url });
    stubs.lambda.on(GetAliasCommand).resolves({});
    stubs.secrets.on(GetSecretValueCommand).resolves({ SecretString: JSON.stringify({ api_key: KEY }) });
    stubs.sns.on(PublishCommand).resolves({});
    liar.tell(unreleased);
    written.length = 0;
    process.stdout.write = ((text: string) => {
      if (!text.startsWith('{"_aws"')) return write.call(process.stdout, text);
      return written.push(text) > 0;
    }) as typeof write;
  });
  afterEach(() => {
    process.stdout.write = write;
  });
  after(async () => {
    for (const stub of Object.values(stubs)) stub.restore();
    await liar.close();
  });
  environment(() => ({
    ALERTS_TOPIC: TOPIC,
    API_KEY_SECRET: "a-secret",
    AWS_ENDPOINT_URL: "",
    AWS_LAMBDA_FUNCTION_NAME: "the-canary",
    AWS_REGION: "us-east-1",
    DASHBOARD_ALIAS: "live",
    DASHBOARD_FUNCTION: "the-dashboard",
    SETTLE_MS: "1",
  }));

  const failure = () => handler().catch((error: Error) => error.message);
  const told = () => stubs.sns.commandCalls(PublishCommand).map(({ args }) => args[0].input);

  it("says that all is well, in a metric, and tells nobody", async () => {
    expect(await handler()).to.deep.include({ healthy: true, faults: [], release: "unreleased" });
    expect(JSON.parse(written[0] ?? "")).to.include({ FunctionName: "the-canary", Healthy: 1 });
    expect(told()).to.deep.equal([]);
  });

  it("says that it can look, when a promotion asks, and looks at nothing", async () => {
    liar.tell((response) => response.writeHead(500).end());
    expect(await handler({ promotionProbe: "one" })).to.include({ status: "healthy", version: "unreleased" });
    expect(written).to.deep.equal([]);
    stubs.secrets.reset();
    stubs.secrets.on(GetSecretValueCommand).rejects(new Error("AccessDenied"));
    expect(await handler({ promotionProbe: "one" }).catch((error: Error) => error.message)).to.equal(
      "AccessDenied",
    );
  });

  it("tells the alerts topic what is wrong, never the key, and fails", async () => {
    liar.tell((response) => response.writeHead(500).end());
    expect(await failure()).to.match(/^The dashboard is unwell: without a key: status 500/);
    const [alert] = told();
    expect(alert).to.include({ TopicArn: TOPIC, Subject: "the-canary: the dashboard is unwell" });
    expect(alert?.Message).to.include("- with the key: status 500, not 200").and.not.include(KEY);
    expect(told()).to.have.length(1);
    expect(JSON.parse(written[0] ?? "")).to.include({ Healthy: 0 });
  });

  it("looks a second time before it says so: one release may be a moment ahead of the other", async () => {
    let asked = 0;
    liar.tell((response, key) => {
      if (++asked <= 2) response.writeHead(503).end();
      else unreleased(response, key);
    });
    expect(await handler()).to.include({ healthy: true });
    expect(told()).to.deep.equal([]);
  });

  it("tells that it could not look", async () => {
    stubs.secrets.on(GetSecretValueCommand).rejects(new Error("access denied"));
    expect(await failure()).to.equal("The dashboard is unwell: the canary could not look: access denied");
    expect(told()).to.have.length(1);
  });

  it("notices in a drill what it is meant to, and alarms nobody", async () => {
    const strange = { healthy: false, faults: ["with the key: status 401, not 200"] };
    expect(await handler({ drill: { key: "another" } })).to.deep.include(strange);
    expect(await handler({ drill: { version: "2" } })).to.include({ healthy: false });
    expect(told()).to.deep.equal([]);
    expect(written).to.deep.equal([]);
  });

  it("writes its metric as CloudWatch reads it", () => {
    const line = metricLine({ healthy: true, faults: [], ms: 12 }, { functionName: "f", now: 7 });
    const { _aws, ...values } = JSON.parse(line);
    const [directive] = _aws.CloudWatchMetrics;
    expect(_aws.Timestamp).to.equal(7);
    for (const name of [
      ...directive.Dimensions[0],
      ...directive.Metrics.map(({ Name }: { Name: string }) => Name),
    ])
      expect(values).to.have.property(name);
    expect(line).to.not.include("\n");
  });
});
