import {
  CloudWatchClient,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  CreatePolicyCommand,
  CreateRoleCommand,
  GetUserCommand,
  IAMClient,
  PutUserPermissionsBoundaryCommand,
  SimulatePrincipalPolicyCommand,
} from "@aws-sdk/client-iam";
import {
  AddPermissionCommand,
  InvokeCommand,
  type LambdaClient,
  PutFunctionEventInvokeConfigCommand,
  UpdateFunctionCodeCommand,
} from "@aws-sdk/client-lambda";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { expect } from "chai";
import { metric, putPoint } from "./alarm.ts";
import { account, clientConfig, region } from "./emulator-fixture.ts";
import { deploy, exposeAlias, zipOf } from "./functions.ts";
import { clientConfigOf, fate } from "./principal.ts";

/** What is known to differ from AWS and is not mended: a test that fails here says that the table in docs is out of date. */
describe("emulator: known differences from AWS", () => {
  const FunctionName = "different";
  let lambda: LambdaClient;

  before(async function () {
    this.timeout(30_000);
    const source =
      "let n = 0; exports.handler = async (e) => { n++; if (e.fail) throw new Error('no'); return n; };";
    lambda = await deploy(FunctionName, [source]);
    await exposeAlias(lambda, FunctionName, "1");
  });

  const invoke = async (event: object) => {
    const answer = await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }));
    return Buffer.from(answer.Payload ?? []).toString();
  };

  it("an event's maximum age that was not set reads back as 21600", async () => {
    const set = new PutFunctionEventInvokeConfigCommand({
      FunctionName,
      Qualifier: "live",
      MaximumRetryAttempts: 1,
    });
    expect((await lambda.send(set)).MaximumEventAgeInSeconds).to.equal(21_600);
  });

  it("statement ids are shared by a function and its aliases", async () => {
    const permission = {
      FunctionName,
      StatementId: "shared",
      Action: "lambda:InvokeFunction",
      Principal: "events.amazonaws.com",
    };
    await lambda.send(new AddPermissionCommand(permission));
    const again = await lambda
      .send(new AddPermissionCommand({ ...permission, Qualifier: "live" }))
      .catch((e) => e);
    expect(again.name).to.equal("ResourceConflictException");
  });

  it("a function's process ends with every error, so that the next call starts cold", async () => {
    expect([await invoke({}), await invoke({})]).to.deep.equal(["1", "2"]);
    await invoke({ fail: true });
    expect(await invoke({})).to.equal("1");
  });

  it("code can be updated while an update is in progress", async () => {
    const update = async (n: number) =>
      await lambda.send(
        new UpdateFunctionCodeCommand({ FunctionName, ZipFile: await zipOf(`exports.n = ${n}`) }),
      );
    await update(1);
    expect((await update(2)).LastUpdateStatus).to.equal("InProgress");
  });

  it("metrics asked for without dimensions are summed over all of them", async () => {
    await putPoint("sum-a", 1, 0, "Summed");
    await putPoint("sum-b", 2, 0, "Summed");
    const between = { StartTime: new Date(Date.now() - 60_000), EndTime: new Date(Date.now() + 60_000) };
    const ask = new GetMetricStatisticsCommand({
      Namespace: "Contract",
      MetricName: "Summed",
      ...between,
      Period: 3600,
      Statistics: ["Sum"],
    });
    expect((await new CloudWatchClient(await clientConfig()).send(ask)).Datapoints?.[0]?.Sum).to.equal(3);
  });

  it("GetMetricData computes no expressions (alarms do)", async () => {
    const ask = new GetMetricDataCommand({
      MetricDataQueries: [metric("a", "sum-a", "Summed"), { Id: "e", Expression: "a * 2" }],
      StartTime: new Date(Date.now() - 60_000),
      EndTime: new Date(Date.now() + 60_000),
    });
    const { MetricDataResults } = await new CloudWatchClient(await clientConfig()).send(ask);
    expect(MetricDataResults?.[0]).to.include({ Id: "e", StatusCode: "InternalError" });
  });

  it("a trust policy that names a user is not enough for the user to assume the role", async () => {
    const config = await clientConfigOf("trusted", [
      { Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*" },
    ]);
    const iam = new IAMClient(await clientConfig());
    const { User } = await iam.send(new GetUserCommand({ UserName: "trusted" }));
    const trust = { Effect: "Allow", Principal: { AWS: User?.Arn }, Action: "sts:AssumeRole" };
    const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
    await iam.send(new CreateRoleCommand({ RoleName: "trusting", AssumeRolePolicyDocument }));
    const RoleArn = `arn:aws:iam::${account}:role/trusting`;
    const assume = new AssumeRoleCommand({ RoleArn, RoleSessionName: "s" });
    expect(await fate(new STSClient({ ...config, region }).send(assume))).to.equal("denied");
  });

  it("the path of a role is no part of the name that a policy is held against", async () => {
    const config = await clientConfigOf("pathless", [
      { Effect: "Allow", Action: "iam:CreateRole", Resource: "arn:aws:iam::*:role/plain-*" },
    ]);
    const AssumeRolePolicyDocument = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
      ],
    });
    const create = new CreateRoleCommand({
      Path: "/elsewhere/",
      RoleName: "plain-role",
      AssumeRolePolicyDocument,
    });
    expect(await fate(new IAMClient(config).send(create))).to.equal("allowed");
  });

  it("a simulation knows neither the boundary of a principal nor what comes with a request", async () => {
    const condition = { StringEquals: { "iam:PassedToService": "lambda.amazonaws.com" } };
    await clientConfigOf("simulated", [
      { Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*" },
      { Effect: "Allow", Action: "iam:PassRole", Resource: "*", Condition: condition },
    ]);
    const iam = new IAMClient(await clientConfig());
    const PolicyDocument = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "sns:*", Resource: "*" }],
    });
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: "ceiling", PolicyDocument }));
    await iam.send(
      new PutUserPermissionsBoundaryCommand({
        UserName: "simulated",
        PermissionsBoundary: Policy?.Arn,
      }),
    );
    const { EvaluationResults = [] } = await iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: `arn:aws:iam::${account}:user/simulated`,
        ActionNames: ["s3:ListAllMyBuckets", "iam:PassRole"],
        ContextEntries: [
          {
            ContextKeyName: "iam:PassedToService",
            ContextKeyType: "string",
            ContextKeyValues: ["lambda.amazonaws.com"],
          },
        ],
      }),
    );
    expect(EvaluationResults.map(({ EvalDecision }) => EvalDecision)).to.deep.equal([
      "allowed",
      "implicitDeny",
    ]);
  });
});
