import { createHash } from "node:crypto";
import {
  CreateFunctionCommand,
  GetAliasCommand,
  GetFunctionCommand,
  type LambdaClient,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { account, region } from "./emulator-fixture.ts";
import { createRole, deploy, exposeAlias, zipOf } from "./functions.ts";

const FunctionName = "versioned";
const arn = `arn:aws:lambda:${region}:${account}:function:${FunctionName}`;
const source = (n: number) => `exports.handler = async () => ${n};`;
const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("base64");

describe("emulator: versions and aliases of a function", () => {
  let lambda: LambdaClient;

  before(async function () {
    this.timeout(30_000);
    lambda = await deploy(FunctionName, [source(1), source(2)]);
    await exposeAlias(lambda, FunctionName, "1", { "2": 0.1 });
  });

  async function versions(): Promise<(string | undefined)[]> {
    const { Versions = [] } = await lambda.send(new ListVersionsByFunctionCommand({ FunctionName }));
    return Versions.map((version) => version.Version);
  }

  async function update(ZipFile: Uint8Array, Publish: boolean) {
    const answer = await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile, Publish }));
    await waitUntilFunctionUpdatedV2(
      { client: lambda, maxWaitTime: 10, minDelay: 0.1, maxDelay: 0.2 },
      { FunctionName },
    );
    return answer;
  }

  it("report the digest of the very bytes", async () => {
    for (const [Qualifier, n] of [
      ["1", 1],
      ["2", 2],
      ["live", 1],
    ] as const) {
      const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName, Qualifier }));
      expect(Configuration?.CodeSha256).to.equal(digest(await zipOf(source(n))));
      expect(Configuration?.State).to.equal("Active");
    }
  });

  it("carry their own ARN, also when published by CreateFunction", async () => {
    const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName, Qualifier: "1" }));
    expect(Configuration).to.include({ Version: "1", FunctionArn: `${arn}:1` });
  });

  it("are published once for the same code", async () => {
    const again = await lambda.send(new PublishVersionCommand({ FunctionName, Description: "again" }));
    expect(again.Version).to.equal("2");
    await update(await zipOf(source(2)), false);
    expect((await lambda.send(new PublishVersionCommand({ FunctionName }))).Version).to.equal("2");
    expect((await update(await zipOf(source(2)), true)).Version).to.equal("2");
    expect(await versions()).to.deep.equal(["$LATEST", "1", "2"]);
  });

  it("are published when the code changed, with the code", async () => {
    const published = await update(await zipOf(source(3)), true);
    expect(published).to.include({
      Version: "3",
      FunctionArn: `${arn}:3`,
      CodeSha256: digest(await zipOf(source(3))),
    });
    expect(await versions()).to.deep.equal(["$LATEST", "1", "2", "3"]);
  });

  it("are not published from other code than the caller meant", async () => {
    const meant = new PublishVersionCommand({ FunctionName, CodeSha256: digest(Buffer.from("other")) });
    expect(await nameOf(lambda.send(meant))).to.equal("InvalidParameterValueException");
    const stale = new PublishVersionCommand({
      FunctionName,
      RevisionId: "00000000-0000-0000-0000-000000000000",
    });
    expect(await nameOf(lambda.send(stale))).to.equal("PreconditionFailedException");
  });

  it("are moved under the revision that was read, and no other", async () => {
    const { RevisionId } = await lambda.send(new GetAliasCommand({ FunctionName, Name: "live" }));
    const move = new UpdateAliasCommand({ FunctionName, Name: "live", FunctionVersion: "1", RevisionId });
    await lambda.send(move);
    expect(await nameOf(lambda.send(move))).to.equal("PreconditionFailedException");
  });

  const refusals: [why: string, weights: Record<string, number>, code: string][] = [
    ["a version that was never published", { "99": 0.1 }, "ResourceNotFoundException"],
    ["$LATEST", { $LATEST: 0.1 }, "InvalidParameterValueException"],
    ["the alias's own version", { "1": 0.1 }, "InvalidParameterValueException"],
    ["more than one other version", { "2": 0.1, "3": 0.1 }, "InvalidParameterValueException"],
    ["a weight above 1", { "2": 1.1 }, "InvalidParameterValueException"],
  ];
  for (const [why, AdditionalVersionWeights, code] of refusals) {
    it(`do not take a weight for ${why}`, async () => {
      const shift = new UpdateAliasCommand({
        FunctionName,
        Name: "live",
        FunctionVersion: "1",
        RoutingConfig: { AdditionalVersionWeights },
      });
      expect(await nameOf(lambda.send(shift))).to.equal(code);
    });
  }

  it("are published by CreateFunction as version 1, which the answer names", async () => {
    const created = await lambda.send(
      new CreateFunctionCommand({
        FunctionName: "versioned-new",
        Runtime: "nodejs24.x",
        Handler: "index.handler",
        Role: await createRole("versioned-new"),
        Code: { ZipFile: await zipOf(source(1)) },
        Publish: true,
      }),
    );
    expect(created).to.include({ Version: "1", FunctionArn: `${arn}-new:1` });
  });
});

async function nameOf(sent: Promise<unknown>): Promise<string> {
  return await sent.then(
    () => "nothing was refused",
    (error) => error.name,
  );
}
