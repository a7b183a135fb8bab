import { cloudwatchMetrics } from "../../orchestrator/adapters/cloudwatch-metrics.ts";
import { metricsContract } from "../contracts/metrics.ts";
import { emulatorAccess, unused } from "./access.ts";
import { deploy, exposeAlias, get } from "./functions.ts";
import { atLeast } from "./lambda-metric.ts";

const well = 'exports.handler = async () => ({ statusCode: 200, body: "1" });';
const bad = 'exports.handler = async () => { throw new Error("asked to"); };';

describe("orchestrator: what CloudWatch counts of a function's versions", function () {
  this.timeout(60_000);

  metricsContract(async () => {
    const functionName = unused("measured");
    const lambda = await deploy(functionName, [well, bad]);
    const host = await exposeAlias(lambda, functionName, "1", { "2": 0.5 });
    return {
      metrics: cloudwatchMetrics(await emulatorAccess()),
      functionName,
      async run() {
        const had = { "1": 0, "2": 0 };
        for (let asked = 0; asked < 40 && (asked < 8 || had["1"] === 0 || had["2"] === 0); asked++)
          had[(await get(host)).status === 200 ? "1" : "2"]++;
        const alias = { FunctionName: functionName, Resource: `${functionName}:live` };
        await atLeast(alias, "Invocations", had["1"] + had["2"]);
        return had;
      },
      now: () => new Date(),
    };
  });
});
