import {
  InvokeCommand,
  type LambdaClient,
  PutFunctionConcurrencyCommand,
  TooManyRequestsException,
} from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { deploy, exposeAlias, get } from "./functions.ts";
import { atLeast, sumOf } from "./lambda-metric.ts";

const name = "counted";
const source = `exports.handler = async (event) => {
  if (event.rawPath === "/throw" || event.fail) throw new Error("asked to");
  return { statusCode: event.rawPath === "/503" ? 503 : 200, body: "" };
};`;

describe("emulator: the metrics of a function", () => {
  let lambda: LambdaClient;
  let host: string;

  before(async function () {
    this.timeout(30_000);
    lambda = await deploy(name, [source]);
    host = await exposeAlias(lambda, name, "1");
  });

  it("count what comes through its URL, by function, alias and version", async () => {
    expect((await get(host, "/")).status).to.equal(200);
    expect((await get(host, "/throw")).status).to.equal(502);
    const byFunction = { FunctionName: name };
    const byAlias = { ...byFunction, Resource: `${name}:live` };
    for (const dimensions of [byFunction, byAlias, { ...byAlias, ExecutedVersion: "1" }]) {
      await atLeast(dimensions, "Invocations", 2);
      expect(await sumOf(dimensions, "Errors"), JSON.stringify(dimensions)).to.equal(1);
      expect(await sumOf(dimensions, "Duration")).to.be.above(0);
    }
  });

  it("do not call an answer with a 5xx status an error, but count it", async () => {
    const before = await sumOf({ FunctionName: name }, "Errors");
    expect((await get(host, "/503")).status).to.equal(503);
    await atLeast({ FunctionName: name }, "Url5xxCount", 1);
    expect(await sumOf({ FunctionName: name }, "Errors")).to.equal(before);
  });

  it("count an invocation once", async () => {
    const before = (await sumOf({ FunctionName: name }, "Invocations")) ?? 0;
    await lambda.send(new InvokeCommand({ FunctionName: name }));
    expect(await atLeast({ FunctionName: name }, "Invocations", before + 1)).to.equal(before + 1);
  });

  it("count a throttled invocation as a throttle only, also of a version", async () => {
    const before = await sumOf({ FunctionName: name }, "Invocations");
    await lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions: 0 }),
    );
    const refused = await lambda
      .send(new InvokeCommand({ FunctionName: name, Qualifier: "live" }))
      .catch((e) => e);
    expect(refused).to.be.instanceOf(TooManyRequestsException);
    expect(await atLeast({ FunctionName: name }, "Throttles", 1)).to.equal(1);
    expect(await sumOf({ FunctionName: name }, "Invocations")).to.equal(before);
  });
});
