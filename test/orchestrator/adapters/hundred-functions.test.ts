import { expect } from "chai";
import { lambdaTraffic } from "../../../orchestrator/adapters/lambda-traffic.ts";
import { throttledLambda } from "../../fakes/throttled-lambda.ts";

describe("the traffic of a hundred functions", () => {
  const names = Array.from({ length: 100 }, (_, n) => `trial-function-${n}`);
  let lambda: Awaited<ReturnType<typeof throttledLambda>>;
  beforeEach(async () => {
    lambda = await throttledLambda(Object.fromEntries(names.map((name) => [name, "1"])));
  });
  afterEach(() => lambda.close());

  it("moves together although Lambda refuses what goes beyond its limit", async function () {
    this.timeout(20_000);
    const traffic = lambdaTraffic({
      region: "us-east-1",
      endpoint: lambda.endpoint,
      credentials: { accessKeyId: "key", secretAccessKey: "secret" },
    });
    await Promise.all(
      names.map(async (name) => {
        const { revision } = await traffic.read(name);
        await traffic.route(name, { version: "2" }, revision);
      }),
    );
    expect(lambda.refused(), "the limit was met").to.be.greaterThan(0);
    expect(names.map(lambda.version)).to.deep.equal(names.map(() => "2"));
  });
});
