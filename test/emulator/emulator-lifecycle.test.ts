import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CostExplorerClient,
  CreateAnomalyMonitorCommand,
  GetAnomalyMonitorsCommand,
} from "@aws-sdk/client-cost-explorer";
import { CreateTableCommand, DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import {
  type Emulator,
  type EmulatorOptions,
  startEmulator,
  stopEmulator,
} from "../../rehearsal/emulator/emulator.ts";
import { installEmulator } from "../../rehearsal/emulator/install.ts";
import { clientConfig, emulator, nodeModules, region } from "./emulator-fixture.ts";
import { createRole, deploy } from "./functions.ts";
import { groupOf, listenersOf } from "./processes.ts";

const progress = () => {};

describe("emulator: a function's surroundings", () => {
  const source = `
    const { DynamoDBClient, PutItemCommand } = require("@aws-sdk/client-dynamodb");
    exports.handler = async ({ table }) => {
      const item = { pk: { S: "from the function" } };
      const put = new DynamoDBClient({}).send(new PutItemCommand({ TableName: table, Item: item }));
      return { put: await put.then(() => "done", (error) => error.name), node: process.version, leaked: process.env.LEAKED ?? null };
    };`;

  before(async function () {
    this.timeout(20_000);
    const dynamodb = new DynamoDBClient(await clientConfig());
    for (const TableName of ["allowed", "forbidden"]) {
      await dynamodb.send(
        new CreateTableCommand({
          TableName,
          BillingMode: "PAY_PER_REQUEST",
          AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
          KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
        }),
      );
    }
    const role = await createRole("surrounded", {
      Effect: "Allow",
      Action: "dynamodb:PutItem",
      Resource: "arn:aws:dynamodb:*:*:table/allowed",
    });
    await deploy("surrounded", [source], { role });
  });

  async function invoke(table: string): Promise<{ put: string; node: string; leaked: string | null }> {
    const lambda = new LambdaClient(await clientConfig());
    const answer = await lambda.send(
      new InvokeCommand({ FunctionName: "surrounded", Payload: JSON.stringify({ table }) }),
    );
    return JSON.parse(Buffer.from(answer.Payload ?? []).toString());
  }

  it("hold the AWS SDK, and reach the emulator as the function's own role", async () => {
    expect((await invoke("allowed")).put).to.equal("done");
    const item = new GetItemCommand({ TableName: "allowed", Key: { pk: { S: "from the function" } } });
    expect((await new DynamoDBClient(await clientConfig()).send(item)).Item).to.be.an("object");
    expect((await invoke("forbidden")).put).to.equal("AccessDeniedException");
  });

  it("are the Node that runs the tests, and nothing of the environment of who started the emulator", async () => {
    expect(await invoke("allowed")).to.include({ node: process.version, leaked: null });
  });
});

describe("emulator: its life", function () {
  this.timeout(30_000);
  let directory: string;
  let options: EmulatorOptions;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "emulator-life-"));
    const { python } = await installEmulator({ env: process.env, progress });
    options = {
      python,
      directory,
      logFile: join(directory, "log"),
      env: process.env,
      keepState: true,
      nodeModules,
      progress,
    };
  });
  // A test that fails half-way leaves its emulator.
  const started: number[] = [];
  afterEach(async () => await Promise.all(started.splice(0).map((pid) => stopEmulator(pid))));
  after(async () => await rm(directory, { recursive: true, force: true }));

  async function start(more: Partial<EmulatorOptions> = {}): Promise<Emulator> {
    const emulator = await startEmulator({ ...options, ...more });
    started.push(emulator.pid);
    return emulator;
  }

  const client = (endpoint: string) => ({
    endpoint,
    region,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    forcePathStyle: true,
  });

  it("keeps its state from one life to the next, and ends with all it started", async () => {
    const first = await start();
    const s3 = new S3Client(client(first.endpoint));
    await s3.send(new CreateBucketCommand({ Bucket: "kept" }));
    await s3.send(new PutObjectCommand({ Bucket: "kept", Key: "key", Body: "kept" }));
    const monitor = { MonitorName: "kept", MonitorType: "DIMENSIONAL" as const };
    await new CostExplorerClient(client(first.endpoint)).send(
      new CreateAnomalyMonitorCommand({ AnomalyMonitor: monitor }),
    );
    const config = { ...client(first.endpoint), maxAttempts: 1 };
    const role = await createRole("running", undefined, config);
    const lambda = await deploy("running", ["exports.handler = async () => process.pid;"], { role, config });
    const pid = Buffer.from(
      (await lambda.send(new InvokeCommand({ FunctionName: "running" }))).Payload ?? [],
    ).toString();
    expect(await groupOf(first.pid)).to.have.members([String(first.pid), pid]);

    const began = Date.now();
    await first.stop();
    expect(Date.now() - began).to.be.below(3_000);
    expect(await groupOf(first.pid)).to.deep.equal([]);

    const second = await start();
    const object = await new S3Client(client(second.endpoint)).send(
      new GetObjectCommand({ Bucket: "kept", Key: "key" }),
    );
    expect(await object.Body?.transformToString()).to.equal("kept");
    const { AnomalyMonitors } = await new CostExplorerClient(client(second.endpoint)).send(
      new GetAnomalyMonitorsCommand({}),
    );
    expect(AnomalyMonitors?.[0]?.MonitorName).to.equal("kept");
  });

  it("forgets its state when told to", async () => {
    const third = await start({ keepState: false });
    const gone = await new S3Client(client(third.endpoint))
      .send(new GetObjectCommand({ Bucket: "kept", Key: "key" }))
      .catch((e) => e);
    await third.stop();
    expect(gone.name).to.equal("NoSuchBucket");
    expect(await groupOf(third.pid)).to.deep.equal([]);
  });

  it("does not begin on a port that is taken", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const refused = await startEmulator({ ...options, port }).catch((error) => error);
    server.close();
    expect(refused).to.include({ code: "port-taken", owner: "user" });
  });

  it("tells the end of its log when it does not come up", async () => {
    const refused = await startEmulator({ ...options, python: "/bin/false" }).catch((error) => error);
    expect(refused).to.include({ code: "emulator-not-ready" });
    expect(refused.message).to.include("exit code 1");
  });

  it("does not begin when told to stop before", async () => {
    const stopped = await startEmulator({ ...options, signal: AbortSignal.abort(new Error("stop")) }).catch(
      (error) => error,
    );
    expect(stopped.message).to.equal("stop");
  });
});

describe("emulator: its ports", () => {
  it("are one, on the loopback address", async function () {
    const started = await emulator();
    const listening = await listenersOf(started.pid).catch(() => this.skip());
    expect(listening).to.deep.equal([`127.0.0.1:${new URL(started.endpoint).port}`]);
  });
});
