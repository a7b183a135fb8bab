import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { buffer } from "node:stream/consumers";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import aws from "@pulumi/aws";
import { expect } from "chai";
import yazl from "yazl";
import { type Provider, startProvider } from "../../rehearsal/provider/provider.ts";
import { clientConfig, emulator, eventually, region } from "../emulator/emulator-fixture.ts";
import { groupOf } from "../emulator/processes.ts";
import { bridgeParts } from "./engine-fixture.ts";
import { everyResource, type Inputs } from "./every-resource.ts";
import { scratchStack } from "./stack-fixture.ts";

const PROVIDER = new URL("../../rehearsal/provider/provider.ts", import.meta.url).href;
const CODE = { bucket: "code-of-every-resource", key: "lambda.zip" };

describe("the rehearsal's provider with the real engine", function () {
  this.timeout(240_000);
  let provider: Provider;
  let scratch: Awaited<ReturnType<typeof scratchStack>>;
  const inputs: Inputs = { prefix: "every", code: CODE };
  const environment = async () => ({
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    AWS_ENDPOINT_URL: (await emulator()).endpoint,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_REGION: region,
  });

  before(async function () {
    this.timeout(900_000); // a fresh machine builds the engine first
    const parts = await bridgeParts();
    if (parts === undefined) return this.skip(); // the official plugin is Pulumi's to test
    await uploadCode();
    provider = await startProvider(parts, { env: await environment(), progress: () => {} });
    scratch = await scratchStack(() => everyResource(inputs)(), provider.port);
  });
  after(async () => {
    await scratch?.remove();
    await provider?.stop();
  });

  it("makes every covered resource", async () => {
    const { summary, outputs } = await scratch.stack.up();
    expect(summary.resourceChanges).to.have.all.keys("create");
    expect(outputs.function?.value, "a renamed output").to.equal("every-function");
    expect(outputs.subscribedTo?.value).to.equal(outputs.topic?.value);
    expect(outputs.lifecycle?.value, "an output in a list of one").to.equal(90);
    expect(outputs.region?.value, "a data source").to.equal(region);
  });

  it("finds nothing to change the second time", async () => {
    const { changeSummary } = await scratch.stack.preview();
    expect(changeSummary).to.have.all.keys("same");
  });

  it("refreshes what is there without finding it changed", async () => {
    const { summary } = await scratch.stack.refresh();
    expect(summary.resourceChanges).to.have.all.keys("same");
  });

  it("tells AWS's own words, under the resource's name, when AWS refuses", async () => {
    inputs.withFailure = true;
    let said = "";
    const failed = await scratch.stack
      .up({ onOutput: (text) => (said += text) })
      .catch((error: Error) => error);
    inputs.withFailure = false;
    expect(failed).to.be.instanceOf(Error);
    expect(said).to.match(/aws:lambda:Alias \(failing\):\s+error: creating Lambda Alias.*Function not found/);
  });

  it("previews without a change in less than 3 s", async function () {
    this.retries(2); // a busy machine may be slow once
    const began = performance.now();
    await scratch.stack.preview();
    expect(performance.now() - began).to.be.lessThan(3_000);
  });

  it("removes it all", async () => {
    const { summary } = await scratch.stack.destroy();
    expect(summary.resourceChanges).to.have.all.keys("delete");
  });

  it("goes on with the next operation after one was cancelled", async () => {
    const slow = async () => ({ url: new aws.sqs.Queue("slow", { name: "every-slow" }).url });
    const { stack, remove } = await scratchStack(slow, provider.port);
    const abort = new AbortController();
    const creating = (text: string) => {
      if (text.includes("creating")) setTimeout(() => abort.abort(), 1_000); // it takes 25 s
    };
    const cancelled = await stack.up({ signal: abort.signal, onOutput: creating }).catch((error) => error);
    expect(cancelled).to.be.instanceOf(Error);
    expect((await stack.up()).outputs.url?.value).to.contain("every-slow");
    await stack.destroy();
    await remove();
  });

  it("refuses a property that it does not have, by its name", async () => {
    const program = async () => void new aws.sns.Topic("elsewhere", { region: "eu-west-1" });
    const { stack, remove } = await scratchStack(program as never, provider.port);
    const refused = await stack.preview().catch((error: Error) => error);
    expect(refused).to.be.instanceOf(Error);
    expect(String(refused)).to.contain('has no "region" in aws:sns/topic:Topic');
    await remove();
  });

  it("leaves no process after it was stopped", async () => {
    expect(await living(provider.pids)).to.have.length(2);
    await provider.stop();
    expect(await living(provider.pids)).to.deep.equal([]);
  });

  it("leaves no process when we are killed", async () => {
    const parts = JSON.stringify(await bridgeParts());
    const env = JSON.stringify(await environment());
    const parent = spawn(process.execPath, [
      "--input-type=module",
      "--eval",
      `const { startProvider } = await import(${JSON.stringify(PROVIDER)});
       const started = await startProvider(${parts}, { env: ${env}, progress() {} });
       console.log(started.pids.join(" "));`,
    ]);
    const pids = await new Promise<number[]>((resolve) =>
      createInterface({ input: parent.stdout }).once("line", (line) => resolve(line.split(" ").map(Number))),
    );
    expect(await living(pids)).to.have.length(2);
    parent.kill("SIGKILL");
    await eventually(async () => (await living(pids)).length === 0);
  });
});

/** Those of the processes that are still in the first one's group. */
async function living(pids: number[]): Promise<number[]> {
  const group = (await groupOf(pids[0] ?? 0)).map(Number);
  return pids.filter((pid) => group.includes(pid));
}

async function uploadCode(): Promise<void> {
  const zip = new yazl.ZipFile();
  zip.addBuffer(Buffer.from("exports.handler = async () => ({});"), "index.js");
  zip.end();
  const s3 = new S3Client({ ...(await clientConfig()), forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: CODE.bucket }));
  const Body = await buffer(zip.outputStream);
  await s3.send(new PutObjectCommand({ Bucket: CODE.bucket, Key: CODE.key, Body }));
}
