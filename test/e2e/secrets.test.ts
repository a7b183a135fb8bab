import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { type AwsAccess, clientSettings } from "../../orchestrator/adapters/aws-access.ts";
import { firstEnvironment, loadEnvironment } from "../../orchestrator/environment.ts";
import { leaksIn, plantedVariables } from "../fakes/planted.ts";
import { type Checkout, checkOutNow } from "./checkout.ts";
import { run } from "./command.ts";
import { about, commandsFor, credentials, printedTo, raised, razed } from "./promotions.ts";

/** An integration test that prints the key that it was given, in three forms, to both outputs. */
const TALKATIVE = `
  const key = process.env.INTEGRATION_API_KEY ?? "";
  it("says the key", () => {
    for (const said of [key, Buffer.from(key).toString("base64"), JSON.stringify({ key })])
      for (const output of [process.stdout, process.stderr]) output.write("said: " + said + "\\n");
  });
`;

describe("the secrets of a real promotion, on one machine", function () {
  this.timeout(900_000); // a fresh machine builds the engine first
  let checkout: Checkout;
  let access: AwsAccess;

  before(async () => {
    checkout = checkOutNow();
    writeFileSync(join(checkout.root, "test/integration/talkative.test.ts"), TALKATIVE);
    checkout.git("add", "--all");
    checkout.git("commit", "--quiet", "--message", "A test that says too much");
    access = await raised(checkout);
  });
  after(() => razed(checkout));

  async function objectsOf(bucket: string): Promise<string> {
    const s3 = new S3Client({ ...clientSettings(access), forcePathStyle: true });
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    const texts = Contents.map(async ({ Key }) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
      return `${Key} ${await Body?.transformToString()}`;
    });
    expect(texts.length, `objects in ${bucket}`).to.be.above(0);
    return (await Promise.all(texts)).join("\n");
  }

  it("are nowhere that it wrote: output, logs, ledger, state, releases and attestations", async () => {
    const env = firstEnvironment(checkout.root);
    const { promotion } = loadEnvironment(checkout.root, env);
    const sha = await commandsFor(checkout, access).packaged();
    const { HTTPS_PROXY: _, ...planted } = plantedVariables();
    const words = ["promote", "--env", env, "--sha", sha, "--local", "--json", "--debug", "--bake", "1s"];
    const ended = await run(checkout, [...words, "--strategy", "all-at-once"], planted);
    expect(about(ended).outcome, ended.err).to.equal("promoted");

    const { Items } = await new DynamoDBClient(clientSettings(access)).send(
      new ScanCommand({ TableName: promotion.ledger }),
    );
    const logs = printedTo(checkout);
    const validation = Object.entries(logs).find(([name]) => name.endsWith(".validate.log"))?.[1] ?? "";
    expect(validation.match(/said: .*\[redacted\]/g)).to.have.length(6);
    const places: Record<string, string> = {
      ...logs,
      "what it printed": ended.out + ended.err,
      "the ledger's table": JSON.stringify(Items),
      "the stack's state": await objectsOf(new URL(promotion.state).host),
      "the releases": await objectsOf(promotion.packages),
    };
    const keys = await credentials(checkout, access, [env]);
    const wanted = keys.map((secret, n) => [`key ${n + 1}`, { variable: "", secret }] as const);
    const found = Object.entries(places).flatMap(([place, text]) => {
      const real = leaksIn(text, Object.fromEntries(wanted.filter(([, { secret }]) => secret.length > 16)));
      return [...real, ...leaksIn(text)].map((name) => `${name} in ${place}`);
    });
    expect(wanted.filter(([, { secret }]) => secret.length > 16)).to.have.length.at.least(3);
    expect(found).to.deep.equal([]);
  });
});
