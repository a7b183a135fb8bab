import { join } from "node:path";
import aws from "@pulumi/aws";
import { expect } from "chai";
import { program } from "../../infra/service.ts";
import { type Provider, startProvider } from "../../rehearsal/provider/provider.ts";
import { emulator, region } from "../emulator/emulator-fixture.ts";
import { stackFile } from "../infra/mocked-run.ts";
import { bridgeParts } from "./engine-fixture.ts";
import { scratchStack } from "./stack-fixture.ts";

const PACK = join(import.meta.dirname, "../../infra/policy");
const STACK = "preprod";
const NAMES = ["ingestion", "analysis", "dashboard", "canary"];
const RELEASE = {
  sha: "0".repeat(40),
  packages: Object.fromEntries(
    NAMES.map((name) => [name, { key: `${name}/lambda.zip`, codeSha256: "c2hh" }]),
  ),
};

/** Beside the service, one resource for each way a rule is judged: by itself, by a document, and among all others. */
function breaches(): void {
  new aws.cloudwatch.LogGroup("chatter", {
    name: `${STACK}-chatter`,
    tags: { environment: STACK },
  });
  new aws.iam.RolePolicy("almighty", {
    role: "somebody",
    policy: JSON.stringify({ Statement: [{ Effect: "Allow", Action: "s3:*", Resource: ["*"] }] }),
  });
  new aws.cloudwatch.EventRule("clash", {
    name: `${STACK}-sentiment-canary-schedule`,
    scheduleExpression: "rate(1 hour)",
  });
}

describe("the policy pack, asked by the engine at a preview", function () {
  this.timeout(120_000);
  let provider: Provider;
  let scratch: Awaited<ReturnType<typeof scratchStack>>;
  let broken = false;

  before(async function () {
    this.timeout(900_000); // a fresh machine builds the engine first
    const parts = await bridgeParts();
    if (parts === undefined) return this.skip(); // the official plugin starts packs, which is Pulumi's to test
    const { endpoint } = await emulator();
    const { PATH, HOME } = process.env;
    const env = {
      PATH,
      HOME,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_REGION: region,
    };
    provider = await startProvider(parts, { env, progress: () => {} });
    const service = program(RELEASE);
    const values = Object.entries(stackFile(STACK).config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    scratch = await scratchStack(
      async () => {
        if (broken) breaches();
        return service();
      },
      provider.port,
      { stack: STACK, project: "sentiment-analyzer", config: Object.fromEntries(values) },
    );
  });
  after(async () => {
    await scratch?.remove();
    await provider?.stop();
  });

  const preview = async (policyPacks: string[]) => {
    let said = "";
    const began = performance.now();
    const ended = await scratch.stack
      .preview({ policyPacks, color: "never", onOutput: (text) => (said += text) })
      .then(
        () => "passed",
        () => "failed",
      );
    return { ended, said, ms: performance.now() - began };
  };

  it("lets the service's own program pass, and was asked", async () => {
    const { ended, said } = await preview([PACK]);
    expect(ended, said).to.equal("passed");
    expect(said).to.match(/rules-of-the-stack/);
    expect(said).to.not.match(/can't run policy/);
  });

  it("fails a program that breaks rules, and names each rule, the resource and what is wrong", async () => {
    broken = true;
    const { ended, said } = await preview([PACK]);
    const without = await preview([]);
    broken = false;
    expect(ended).to.equal("failed");
    expect(said).to.match(/\[mandatory\].*logs-end/);
    expect(said).to.include("chatter: it keeps its logs for ever");
    expect(said).to.include("almighty: it allows the action s3:*");
    expect(said).to.match(/named-once[\s\S]*it has the name of (clash|canary-schedule)/);
    expect(without.ended, "the program itself").to.equal("passed");
  });
});
