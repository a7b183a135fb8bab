import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import yazl from "yazl";
import { pulumiEngine } from "../../orchestrator/adapters/pulumi-engine.ts";
import type { Environment } from "../../orchestrator/environment.ts";
import type { Change, Engine, Plan, ReleaseProgram } from "../../orchestrator/ports/engine.ts";
import { knownSecrets } from "../../orchestrator/secrets.ts";
import { type Provider, startProvider } from "../../rehearsal/provider/provider.ts";
import { refused } from "../contracts/refused.ts";
import { clientConfig, emulator, region } from "../emulator/emulator-fixture.ts";
import { makeRelease } from "../fakes/release.ts";
import { bridgeParts, engine } from "./engine-fixture.ts";

const ROOT = join(import.meta.dirname, "../..");
const CODE = { bucket: "code-of-half-made", key: "lambda.zip" };

/** One of each type whose creation is refused where it exists already; `more` is what a release has beside them. */
const program = (more = "") => `
import aws from "@pulumi/aws";
import pulumi from "@pulumi/pulumi";
export const project = { name: "half" };
export const stacks = { half: { config: {} } };
const policy = (...Statement) => JSON.stringify({ Version: "2012-10-17", Statement });
export const program = () => async () => {
  const logs = new aws.cloudwatch.LogGroup("logs", { name: "/half/logs", retentionInDays: 14 });
  const table = new aws.dynamodb.Table("table", {
    name: "half-table", billingMode: "PAY_PER_REQUEST", hashKey: "id", attributes: [{ name: "id", type: "S" }],
  });
  const role = new aws.iam.Role("role", {
    name: "half-role",
    assumeRolePolicy: policy({ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }),
  });
  const fn = new aws.lambda.Function("function", {
    name: "half-function", role: role.arn, runtime: "nodejs22.x", handler: "index.handler", publish: true,
    s3Bucket: "${CODE.bucket}", s3Key: "${CODE.key}", environment: { variables: { KEY: pulumi.secret("a secret") } },
  });
  const alias = new aws.lambda.Alias("alias", { name: "live", functionName: fn.name, functionVersion: fn.version },
    { ignoreChanges: ["functionVersion", "routingConfig"] });
  const url = new aws.lambda.FunctionUrl("url", { functionName: fn.name, qualifier: alias.name, authorizationType: "NONE" });
  new aws.lambda.Permission("permission", {
    statementId: "half", action: "lambda:InvokeFunctionUrl", function: fn.name, qualifier: alias.name, principal: "*",
    functionUrlAuthType: "NONE",
  });
  ${more}
  return {
    functions: { dashboard: { functionName: fn.name, version: fn.version, alias: alias.name } },
    dashboardUrl: url.functionUrl, alarms: [], alertsTopicArn: "arn:aws:sns:us-east-1:000000000000:alerts",
    itemsTable: table.name,
  };
};
`;

/** A component with a log group, and with a policy that names it. */
const FEED = `
  const feed = new pulumi.ComponentResource("half:index:Feed", "feed");
  const items = new aws.cloudwatch.LogGroup("feed-items", { name: "/half/feed" }, { parent: feed });
  new aws.iam.RolePolicy("feed-reader", {
    name: "feed", role: role.name,
    policy: items.arn.apply((Resource) => policy({ Effect: "Allow", Action: "logs:FilterLogEvents", Resource })),
  }, { parent: feed });
`;
/** Takes 25 s to be made. */
const QUEUE = `new aws.sqs.Queue("queue", { name: "half-queue" });`;

/** AWS does not tell where a function's code came from: after it was read back, it is given it once more. */
const UPDATED = ["update function"];
const operationOn = ({ operation, urn }: Change) => `${operation} ${urn.split("::").at(-1)}`;

type Kept = { urn: string; type: string; custom: boolean; id?: string; inputs?: object; outputs?: unknown };

describe("resources that were being made when the machine was lost", function () {
  this.timeout(240_000);
  let directory: string;
  let provider: Provider;
  let adapter: Engine;
  const { signal } = new AbortController();
  const release = (name: string, more?: string): ReleaseProgram => ({
    manifest: makeRelease(name).manifest,
    program: Buffer.from(program(more)),
  });
  const one = release("one");
  const state = () => join(directory, "state/.pulumi/stacks/half/half.json");
  const readState = () => JSON.parse(readFileSync(state(), "utf8"));
  const resources = (): Kept[] => readState().checkpoint.latest.resources;
  const ids = () => Object.fromEntries(resources().map(({ urn, id }) => [urn, id]));
  const deploy = async (of: ReleaseProgram) => adapter.up(of, await adapter.preview(of, signal), signal);
  const operations = ({ changes }: Plan) => [...new Set(changes.map(({ operation }) => operation))];

  /** What is left of a state when the machine is lost before what was made came into it; and one that was not made. */
  function forget(): void {
    const kept = readState();
    const { latest } = kept.checkpoint;
    const made = (latest.resources as Kept[]).filter(
      ({ custom, type }) => custom && !type.startsWith("pulumi:"),
    );
    const begun = made.map(({ id: _, outputs: __, ...resource }) => resource);
    const [logs] = begun.filter(({ type }) => type.includes("LogGroup"));
    const ghost = { ...logs, urn: `${logs?.urn}-ghost`, inputs: { name: "/half/ghost" } };
    latest.resources = (latest.resources as Kept[]).filter((each) => !made.includes(each));
    latest.pending_operations = [...begun, ghost].map((resource) => ({ resource, type: "creating" }));
    writeFileSync(state(), JSON.stringify(kept));
  }

  before(async function () {
    this.timeout(900_000); // a fresh machine builds the engine first
    const parts = await bridgeParts();
    if (parts === undefined) return this.skip(); // without the rehearsal's provider nothing answers for AWS
    process.env.PULUMI_CONFIG_PASSPHRASE = "of a test";
    await uploadCode();
    directory = mkdtempSync(join(tmpdir(), "half-"));
    mkdirSync(join(directory, "state"));
    const { endpoint } = await emulator();
    const credentials = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_REGION: region };
    const { PATH, HOME } = process.env;
    const env = { PATH, HOME, AWS_ENDPOINT_URL: endpoint, ...credentials };
    provider = await startProvider(parts, { env, progress: () => {} });
    const { pulumiRoot } = await engine();
    adapter = pulumiEngine({
      root: ROOT,
      environment: { name: "half", promotion: { state: `file://${directory}/state` } } as Environment,
      access: { region, endpoint, credentials: { accessKeyId: "test", secretAccessKey: "test" } },
      toolchain: async () => ({ pulumiRoot, providerPort: provider.port, close: async () => {} }),
      configuration: {},
      secrets: knownSecrets(),
    });
    await deploy(one);
  });
  after(async () => {
    delete process.env.PULUMI_CONFIG_PASSPHRASE;
    await adapter?.close();
    await provider?.stop();
    rmSync(directory ?? "", { recursive: true, force: true });
  });

  it("are refused as existing, unless they are taken in: of each type, with the ID that they had", async () => {
    const before = ids();
    forget();
    const plan = await adapter.preview(one, signal);
    expect(plan.pending).to.have.length(8);
    const settled = await adapter.settle(one);
    expect(settled.filter(({ became }) => became === "adopted")).to.have.length(7);
    expect(settled.find(({ urn }) => urn.endsWith("-ghost"))?.became).to.equal("absent");
    expect(ids()).to.deep.equal(before);
    const after = await adapter.preview(one, signal);
    expect(after.pending).to.deep.equal([]);
    expect(after.changes.filter(({ operation }) => operation !== "same").map(operationOn)).to.deep.equal(
      UPDATED,
    );
    expect(await adapter.settle(one)).to.deep.equal([]);
    const { functions } = await adapter.up(one, after, signal);
    expect(functions.dashboard?.version, "published once").to.equal("1");
    expect(operations(await adapter.preview(one, signal))).to.deep.equal(["same"]);
  });

  it("keep no secret in the open when they are taken in", () => {
    expect(readFileSync(state(), "utf8")).not.to.contain("a secret");
  });

  it("are taken in by the next run when the one that did it died before it had read them", async () => {
    const before = ids();
    const kept = readState();
    for (const resource of kept.checkpoint.latest.resources as Kept[])
      if (/LogGroup|Permission/.test(resource.type)) {
        resource.outputs = {};
        if (/Permission/.test(resource.type)) resource.id = "half-function:live/half";
      }
    writeFileSync(state(), JSON.stringify(kept));
    expect((await adapter.preview(one, signal)).pending).to.have.length(2);
    expect(await adapter.settle(one)).to.have.length(2);
    expect(ids()).to.deep.equal(before);
    expect(operations(await adapter.preview(one, signal))).to.deep.equal(["same"]);
  });

  it("stay where a plan leaves them, with what they need, and the rest goes", async () => {
    await deploy(release("feed", FEED));
    const plan = await adapter.preview(one, signal);
    const items = plan.changes.find(({ urn }) => urn.endsWith("::feed-items"));
    expect(items?.operation).to.equal("delete");
    const leaving = await adapter.preview(one, signal, [String(items?.urn)]);
    await adapter.up(one, leaving, signal);
    const left = resources().map(({ urn }) => urn.split("::").at(-1));
    expect(left).to.include.members(["feed", "feed-items"]).and.not.include("feed-reader");
    expect(operations(await adapter.preview(release("feed", FEED), signal))).to.have.members([
      "same",
      "create",
    ]);
    await deploy(one);
    expect(resources().map(({ urn }) => urn.split("::").at(-1))).not.to.include("feed-items");
  });

  it("are left by an engine that is told to stop and is at something slow: it is killed, and the next run goes on", async () => {
    const slow = release("slow", QUEUE);
    const plan = await adapter.preview(slow, signal);
    const stopping = new AbortController();
    const updating = adapter.up(slow, plan, stopping.signal).catch((reason) => reason);
    await delay(6_000);
    const told = performance.now();
    stopping.abort(new Error("SIGTERM"));
    const error = await updating;
    process.stdout.write(
      `      (${Math.round(performance.now() - told)} ms: ${error.code} ${error.message})\n`,
    );
    expect(performance.now() - told).to.be.below(3_500);
    expect(error).to.include({ code: "engine-cut-off" });
    await refused("stack-locked", deploy(slow));
    await adapter.clearLock(slow);
    expect((await adapter.preview(slow, signal)).pending).to.have.length(1);
    await deploy(slow);
    expect(resources().map(({ urn }) => urn.split("::").at(-1))).to.include("queue");
  });
});

async function uploadCode(): Promise<void> {
  const zip = new yazl.ZipFile();
  zip.addBuffer(Buffer.from("exports.handler = async () => ({});"), "index.js");
  zip.end();
  const s3 = new S3Client({ ...(await clientConfig()), forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: CODE.bucket }));
  const Body = await buffer(zip.outputStream);
  await s3.send(new PutObjectCommand({ Bucket: CODE.bucket, Key: CODE.key, Body }));
}
