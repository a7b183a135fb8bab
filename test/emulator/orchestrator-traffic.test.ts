import { createHash } from "node:crypto";
import { CreateAliasCommand, DeleteAliasCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { lambdaTraffic } from "../../orchestrator/adapters/lambda-traffic.ts";
import { trafficContract } from "../contracts/traffic.ts";
import { emulatorAccess, unused } from "./access.ts";
import { deploy, zipOf } from "./functions.ts";

const source = (n: number) => `exports.handler = async () => ${n};`;
const digest = async (n: number) =>
  createHash("sha256")
    .update(await zipOf(source(n)))
    .digest("base64");

describe("orchestrator: traffic over Lambda's aliases", () => {
  const FunctionName = unused("routed");
  let lambda: LambdaClient;

  before(async function () {
    this.timeout(30_000);
    lambda = await deploy(FunctionName, [source(1), source(2)]);
  });

  trafficContract(async () => {
    const alias = { FunctionName, Name: "live" };
    await lambda.send(new DeleteAliasCommand(alias)).catch(() => {}); // the first time there is none
    await lambda.send(new CreateAliasCommand({ ...alias, FunctionVersion: "1" }));
    const digests = { "1": await digest(1), "2": await digest(2) };
    return { traffic: lambdaTraffic(await emulatorAccess()), functionName: FunctionName, digests };
  });
});
