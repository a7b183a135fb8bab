import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { GetFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { type AwsAccess, clientSettings } from "../../orchestrator/adapters/aws-access.ts";
import { loadEnvironment } from "../../orchestrator/environment.ts";
import {
  attestationKey,
  codeSha256,
  functionParts,
  lambdaKey,
  MANIFEST,
  type Manifest,
  manifestKey,
} from "../../orchestrator/release/manifest.ts";
import { type Checkout, checkOutNow } from "./checkout.ts";
import { documentOf, type Ended, run } from "./command.ts";
import { about, type Commands, commandsFor, firstAndLast, raised, razed } from "./promotions.ts";

/** The shortest promotion that still is one: what it watches for is another suite's to show. */
const QUICK = ["--bake", "1s", "--strategy", "all-at-once"];

type Chain = { sha: string; holds: boolean; links: { env: string | null; link: string; state: string }[] };

describe("a release from its commit to what runs", function () {
  this.timeout(240_000);
  let checkout: Checkout;
  let access: AwsAccess;
  let commands: Commands;
  let s3: S3Client;
  let first: string;
  let last: string;
  let A: string;
  let B: string;

  const bucketOf = (env: string) => loadEnvironment(checkout.root, env).promotion.packages;
  const bytesOf = async (env: string, Key: string) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucketOf(env), Key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };
  const manifestOf = async (env: string, sha: string): Promise<Manifest> =>
    MANIFEST.parse(JSON.parse((await bytesOf(env, manifestKey(sha))).toString()));
  const packaged = (...more: string[]) => run(checkout, ["package", "--json", "--local", ...more]);
  // The release must come from where the test says: not from what this checkout happens to have built.
  const fromFirst = () => ["--from", first];
  const verified = async (sha: string): Promise<Ended & { chain: Chain }> => {
    const ended = await run(checkout, ["verify", "--sha", sha, "--local", "--json"]);
    return { ...ended, chain: documentOf(ended) as Chain };
  };
  const alarms = async () => {
    const { MetricAlarms = [] } = await new CloudWatchClient(clientSettings(access)).send(
      new DescribeAlarmsCommand({ AlarmNamePrefix: `${first}-` }),
    );
    return MetricAlarms.map(({ AlarmName }) => AlarmName);
  };

  before(async function () {
    this.timeout(900_000); // a fresh machine builds the engine first
    checkout = checkOutNow();
    ({ first, last } = firstAndLast(checkout));
    A = checkout.git("rev-parse", "HEAD");
    access = await raised(checkout);
    commands = commandsFor(checkout, access);
    s3 = new S3Client({ ...clientSettings(access), forcePathStyle: true });
  });
  after(() => razed(checkout));

  it("gets into an environment's bucket by package, described for people, and a second time changes nothing", async () => {
    const built = await packaged("--env", first);
    expect(built.code, built.err).to.equal(0);
    expect(built.err).to.contain("5 parts written to");
    const Key = lambdaKey("dashboard", A);
    const head = await s3.send(new HeadObjectCommand({ Bucket: bucketOf(first), Key }));
    const { timestamp, author } = await manifestOf(first, A);
    expect(head.Metadata).to.deep.equal({ sha: A, timestamp, author });
    const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket: bucketOf(first), Key }));
    expect(TagSet).to.have.deep.members([
      { Key: "release", Value: A },
      { Key: "retention", Value: "temporary" },
    ]);
    expect((await packaged("--env", first)).err).to.contain("has these bytes already");
  });

  it("is promoted from there: once in its own environment, then in the next by the release reader", async () => {
    const own = await commands.promote(first, A, ...fromFirst(), ...QUICK);
    expect(about(own).outcome, own.err).to.equal("promoted");
    const next = await commands.promote(last, A, ...fromFirst(), ...QUICK);
    expect(about(next).outcome, next.err).to.equal("promoted");
  });

  it("runs in the last environment with the code of the manifest, and has the same bytes in both buckets", async () => {
    const manifest = await manifestOf(last, A);
    const functions = Object.entries(functionParts(manifest));
    expect(functions).to.have.length(4);
    const lambda = new LambdaClient(clientSettings(access));
    for (const [name, part] of functions) {
      const { Configuration } = await lambda.send(
        new GetFunctionCommand({ FunctionName: `${last}-sentiment-${name}`, Qualifier: "live" }),
      );
      expect(Configuration?.CodeSha256, name).to.equal(codeSha256(part));
    }
    for (const key of [manifestKey(A), ...Object.values(manifest.parts).map((part) => part.key)])
      expect((await bytesOf(last, key)).equals(await bytesOf(first, key)), key).to.equal(true);
    const { attests } = loadEnvironment(checkout.root, first).promotion;
    const key = attestationKey(A, attests);
    expect((await bytesOf(last, key)).equals(await bytesOf(first, key)), key).to.equal(true);
  });

  it("shows a chain that holds, in every environment", async () => {
    const { code, chain, err } = await verified(A);
    expect(
      chain.links.filter(({ state }) => state !== "holds"),
      err,
    ).to.deep.equal([]);
    expect(new Set(chain.links.map(({ link }) => link)).size).to.equal(5);
    expect({ code, holds: chain.holds, sha: chain.sha }).to.deep.equal({ code: 0, holds: true, sha: A });
  });

  it("brings an alarm that is gone again when it is taken back", async () => {
    B = checkout.commit("infra/alarms.ts", (text) =>
      text.replace(
        '  return [\n    alarm("items-user-errors"',
        `  return [
    alarm("drill", shared, {
      namespace: "AWS/DynamoDB",
      metricName: "SystemErrors",
      statistic: "Sum",
      period: FIVE_MINUTES,
      threshold: 1_000,
      description:
        "An alarm that a release brings, and that goes with it. Nothing is to be done about it: it is there to be seen to go.",
    }),
    alarm("items-user-errors"`,
      ),
    );
    const before = await alarms();
    expect((await packaged()).code).to.equal(0);
    const ended = await commands.promote(first, B, ...QUICK);
    expect(about(ended).outcome, ended.err).to.equal("promoted");
    expect(await alarms()).to.have.members([...before, `${first}-sentiment-drill`]);
    const back = await run(checkout, [
      "rollback",
      "--env",
      first,
      "--reason",
      "a drill",
      "--local",
      "--json",
    ]);
    expect(back.code, back.err).to.equal(0);
    expect(await alarms()).to.have.members(before);
    await commands.runs(first, A, about(back));
  });

  it("is refused in the last environment when somebody changed it in the first one's bucket, and nothing is touched", async () => {
    const before = await commands.looked(last);
    const Key = lambdaKey("dashboard", B);
    const zip = await bytesOf(first, Key);
    zip[zip.length >> 1] = (zip[zip.length >> 1] ?? 0) ^ 1;
    await s3.send(new PutObjectCommand({ Bucket: bucketOf(first), Key, Body: zip }));
    const ended = await commands.promote(last, B, ...fromFirst());
    await commands.refused(last, before, ended, "digest-mismatch");
    const { code, chain } = await verified(B);
    expect(code).to.equal(3);
    expect(chain.links.filter(({ state }) => state === "broken")).to.have.length(1);
    expect(chain.links.find(({ state }) => state === "broken")).to.include({ env: first, link: "objects" });
  });
});
