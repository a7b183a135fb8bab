import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { expect } from "chai";
import { type AwsAccess, clientSettings } from "../../orchestrator/adapters/aws-access.ts";
import { environmentNames, loadEnvironment } from "../../orchestrator/environment.ts";
import { promotion } from "../../orchestrator/promotion/course.ts";
import { lastRecord } from "../../rehearsal/record.ts";
import { lookFromOutside } from "../../rehearsal/story/outside.ts";
import { type Checkout, checkOutNow } from "./checkout.ts";
import { documentOf, type Ended, launch, run, start, transcript } from "./command.ts";
import { endMarked, leftAfter, marked } from "./processes.ts";
import { type Snapshot, snapshot } from "./snapshot.ts";

const KEYS = "promotionId env sha previousSha outcome reason steps traffic startedAt endedAt".split(" ");
const STEPS = promotion.steps.map(({ name }) => name);

/** The shortest promotion that still is one: what it watches for is another suite's to show. */
const QUICK = ["--bake", "1s", "--strategy", "all-at-once"];
const LONG = ["--bake", "60s", "--strategy", "all-at-once"];

type Line = { function: string; version: string; sha: string | null; weight: number };
type Document = {
  outcome: string | null;
  sha: string;
  previousSha: string | null;
  promotionId: string;
  reason: { code: string; message: string; remedy: string } | null;
  steps: { name: string; outcome: string; ms: number }[];
  traffic: Line[];
};

describe("promotions on one machine, by the command line", function () {
  this.timeout(240_000);
  let checkout: Checkout;
  let access: AwsAccess;
  let first: string;
  let last: string;
  let A: string;
  let B: string;

  before(async function () {
    this.timeout(900_000); // a fresh machine builds the engine first
    checkout = checkOutNow();
    const names = environmentNames(checkout.root);
    const takesAll = (name: string) => loadEnvironment(checkout.root, name).promotion.requires.length === 0;
    first = names.find(takesAll) ?? "";
    last = names.find((name) => !takesAll(name)) ?? "";
    A = checkout.git("rev-parse", "HEAD");
    const up = await run(checkout, ["local", "up", "--json"]);
    expect(documentOf(up), up.err).to.include({ started: true });
    const variables = documentOf(await run(checkout, ["local", "env", "--json"])) as Record<string, string>;
    const { AWS_ENDPOINT_URL: endpoint, AWS_REGION: region = "" } = variables;
    const { AWS_ACCESS_KEY_ID: accessKeyId = "", AWS_SECRET_ACCESS_KEY: secretAccessKey = "" } = variables;
    access = { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
  });
  after(async () => {
    await run(checkout, ["local", "down"]).catch(() => {});
    await endMarked(checkout.mark);
    checkout.remove();
  });

  const promoting = (env: string, sha: string, ...more: string[]) =>
    start(checkout, ["promote", "--env", env, "--sha", sha, "--local", "--json", ...more]);
  const promote = (env: string, sha: string, ...more: string[]) => promoting(env, sha, ...more).ended;
  const about = (ended: Ended) => documentOf(ended) as unknown as Document;
  const status = async (env: string) =>
    documentOf(await run(checkout, ["status", "--env", env, "--local", "--json"]));
  const looked = (env: string) => snapshot(checkout.root, env, access);
  const packaged = async () => {
    const { code, out, err } = await launch(checkout, ["npm", "run", "--silent", "package"]).ended;
    expect(code, err).to.equal(0);
    return out.trim();
  };

  /** Refused with this code, with exit code 3, and nothing is other than before. */
  async function refused(env: string, before: Snapshot, ended: Ended, code: string): Promise<Document> {
    const document = about(ended);
    expect(document.reason?.code, ended.err).to.equal(code);
    expect(document.outcome).to.equal("refused");
    expect(ended.code).to.equal(3);
    expect(await looked(env)).to.deep.equal(before);
    return document;
  }

  /** All the traffic is on a release: by what the command says, by HTTP, and by the aliases. */
  async function runs(env: string, sha: string, { traffic }: { traffic: Line[] }): Promise<void> {
    const outside = await lookFromOutside(env, access);
    expect(await outside.version()).to.equal(sha);
    expect(await outside.statusWithoutKey()).to.equal(401);
    expect(traffic.map((line) => line.function)).to.have.members(["dashboard", "ingestion"]);
    for (const { function: name, version, sha: of, weight } of traffic) {
      expect({ of, weight }).to.deep.equal({ of: sha, weight: 1 });
      expect(await outside.weights(`${env}-sentiment-${name}`)).to.deep.equal({ [version]: 1 });
    }
  }

  it("build the release of what is checked out", async () => {
    expect(await packaged()).to.equal(A);
  });

  it("are refused where the attestation is missing, and nothing is touched", async () => {
    await refused(last, await looked(last), await promote(last, A), "attestation-missing");
  });

  it("bring a release to the first environment, and tell it as the contract has it", async () => {
    const ended = await promote(first, A);
    const document = about(ended);
    expect(ended.code, ended.err).to.equal(0);
    expect(Object.keys(document)).to.deep.equal(KEYS);
    expect(document).to.deep.include({
      env: first,
      sha: A,
      previousSha: null,
      outcome: "promoted",
      reason: null,
    });
    expect(document.steps.map(({ name }) => name)).to.deep.equal(STEPS);
    for (const step of document.steps) {
      expect(Object.keys(step)).to.deep.equal(["name", "outcome", "ms"]);
      expect(step).to.include({ outcome: "passed" });
    }
    for (const line of document.traffic)
      expect(Object.keys(line)).to.deep.equal(["function", "version", "sha", "weight"]);
    await runs(first, A, document);
  });

  it("tell their progress as JSON lines", async () => {
    const { err } = await run(checkout, ["promote", "--env", first, "--sha", A, "--local", "--json"]);
    const lines = err
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { type: string });
    expect(lines[0]).to.include({ type: "started", environment: first, sha: A });
    expect(lines.map(({ type }) => type)).to.include.members([
      "step-started",
      "step-finished",
      "note",
      "ended",
    ]);
  });

  it("change nothing where the release runs already", async () => {
    const before = await looked(first);
    expect(Object.keys(before.versions)).to.have.length(2);
    expect(before.alarms).not.to.deep.equal([]);
    const ended = await promote(first, A);
    const { outcome, steps } = about(ended);
    expect({ code: ended.code, outcome }).to.deep.equal({ code: 0, outcome: "unchanged" });
    expect(await looked(first)).to.deep.equal(before);
    const preview = steps.find(({ name }) => name === "preview");
    process.stdout.write(`      (a warm preview without a change took ${preview?.ms} ms)\n`);
  });

  it("cannot be taken back where there is no earlier release, and nothing is touched", async () => {
    const before = await looked(first);
    const ended = await run(checkout, [
      "rollback",
      "--env",
      first,
      "--reason",
      "a drill",
      "--local",
      "--json",
    ]);
    await refused(first, before, ended, "nothing-to-return-to");
  });

  it("take the same bytes to the last environment once they are attested", async () => {
    const ended = await promote(last, A, ...QUICK);
    expect(about(ended).outcome, ended.err).to.equal("promoted");
    expect(ended.code).to.equal(0);
    await runs(last, A, about(ended));
    const digests = async (env: string) =>
      Object.values((await looked(env)).versions).map((versions) => versions.at(-1)?.split(" ")[1]);
    expect(await digests(last)).to.deep.equal(await digests(first));
  });

  it("are refused when a byte of the release was changed, and nothing is touched", async () => {
    B = checkout.commit("lambdas/dashboard/routes.ts", (text) =>
      text.replace("const DEFAULT_LIMIT = 20;", "const DEFAULT_LIMIT = 30;"),
    );
    expect(await packaged()).to.equal(B);
    const zip = join(checkout.root, ".releases", B, "dashboard", B, "lambda.zip");
    const bytes = readFileSync(zip);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(zip, bytes);
    await refused(first, await looked(first), await promote(first, B), "digest-mismatch");
    expect(await packaged()).to.equal(B);
  });

  it("never run twice at once: one goes on, the other is refused, naming it; what a killed one leaves is cleared up", async () => {
    const racers = [promoting(first, B, ...LONG), promoting(first, B, ...LONG)];
    const { ended: loser } = await Promise.race(
      racers.map(async (racer) => ({ racer, ended: await racer.ended })),
    );
    const winner = racers.find(({ pid }) => !loser.err.includes(`process ${pid})`) === false) ?? racers[0];
    expect(loser.code, loser.err).to.equal(3);
    expect(about(loser).reason).to.include({ code: "lease-taken" });
    expect(about(loser).reason?.message).to.contain(`process ${winner?.pid}`);
    await winner?.says(/"step-started","step":"watch"/);

    expect(await marked(checkout.mark).then((all) => all.filter(isTool))).not.to.deep.equal([]);
    winner?.kill("SIGKILL");
    expect((await winner?.ended)?.signal).to.equal("SIGKILL");
    expect(await leftAfter(checkout.mark, 5_000, isTool), "within 5 s").to.deep.equal([]);

    const next = await promote(first, B, ...QUICK);
    expect(next.code).to.equal(3);
    expect(about(next).reason?.message).to.contain(`process ${winner?.pid}`);
    expect(about(next).reason?.remedy).to.contain("npm run unlock");
    const unlock = ["unlock", "--env", first, "--reason", "its process was killed", "--local", "--json"];
    expect(documentOf(await run(checkout, unlock))).to.deep.include({ env: first, broken: true });

    const after = await promote(first, B, ...QUICK);
    expect(after.err).to.contain("cleared up after");
    expect(after.code, after.err).to.equal(0);
    expect(about(after)).to.include({ outcome: "promoted", previousSha: A });
    await runs(first, B, about(after));
  });

  it("stop at an interrupt, with the traffic back where it was and no process left", async () => {
    const C = checkout.commit("lambdas/dashboard/routes.ts", (text) =>
      text.replace("const DEFAULT_LIMIT = 30;", "const DEFAULT_LIMIT = 10;"),
    );
    expect(await packaged()).to.equal(C);
    const running = promoting(first, C, ...LONG);
    await running.says(/"step-started","step":"watch"/);
    running.kill("SIGINT");
    const ended = await running.ended;
    expect(ended.code, ended.err).to.equal(4);
    expect(about(ended)).to.include({ outcome: "rolled-back" });
    expect(about(ended).reason).to.include({ code: "interrupted" });
    await runs(first, B, about(ended));
    expect(await leftAfter(checkout.mark, 1_000, isTool)).to.deep.equal([]);
  });

  it("are taken back on request, in seconds, and what was taken back is not promoted again", async () => {
    const ended = await run(checkout, [
      "rollback",
      "--env",
      first,
      "--reason",
      "a drill",
      "--local",
      "--json",
    ]);
    expect(ended.code, ended.err).to.equal(0);
    expect(about(ended)).to.include({ previousSha: B });
    await runs(first, A, about(ended));
    const history = documentOf(
      await run(checkout, ["history", "--env", first, "--verify", "--local", "--json"]),
    ) as { entries: { promotionId: string; event: { type: string; why?: string; rollbackMs?: number } }[] };
    const entries = history.entries
      .filter(({ promotionId }) => promotionId === about(ended).promotionId)
      .map(({ event }) => event);
    expect(entries.find(({ type }) => type === "promotion-started")).to.include({ why: "a drill" });
    expect(entries.find(({ type }) => type === "promotion-ended")?.rollbackMs).to.be.within(1, 5_000);
    await refused(first, await looked(first), await promote(first, B), "quarantined");
  });

  it("are told by status and history, with a chain that holds", async () => {
    expect(await status(first)).to.include({ env: first, sha: A, inFlight: null, lease: null });
    expect(await status(last)).to.include({ env: last, sha: A, inFlight: null, lease: null });
    const { code, out, err } = await run(checkout, ["history", "--env", first, "--verify", "--local"]);
    expect(code).to.equal(0);
    expect(err).to.contain("the chain holds");
    for (const word of ["promoted", "unchanged", "rolled-back", "refused", "interrupted", "quarantined"])
      expect(out).to.contain(word);
  });

  it("let no credential out: not to the terminal, not to a log, not to the ledger", async () => {
    const record = await lastRecord(checkout.rehearsal);
    const keys = Object.values(record?.environments ?? {}).map(
      ({ credentials }) => credentials.secretAccessKey,
    );
    const secrets = new SecretsManagerClient(clientSettings(access));
    for (const env of [first, last]) {
      const { healthKeySecret: SecretId } = loadEnvironment(checkout.root, env).promotion;
      const { SecretString = "{}" } = await secrets.send(new GetSecretValueCommand({ SecretId }));
      keys.push(String(JSON.parse(SecretString).api_key));
    }
    expect(keys.filter((key) => key.length > 16)).to.have.length(4);
    const histories = await Promise.all(
      [first, last].map((env) => run(checkout, ["history", "--env", env, "--local", "--json"])),
    );
    const places = {
      ...printedTo(checkout),
      "what commands printed": transcript.join(""),
      ledgers: JSON.stringify(histories),
    };
    expect(Object.keys(places).filter((name) => name.endsWith(".log"))).not.to.deep.equal([]);
    for (const [place, text] of Object.entries(places))
      for (const key of keys) expect(text.includes(key), `a credential in ${place}`).to.equal(false);
  });

  it("need an environment that runs, which goes down and comes up again as it was", async () => {
    expect(documentOf(await run(checkout, ["local", "status", "--json"]))).to.deep.include({
      endpoint: access.endpoint,
      environments: [first, last],
    });
    expect((await run(checkout, ["local", "down"])).code).to.equal(0);
    expect(await leftAfter(checkout.mark, 1_000)).to.deep.equal([]);

    const ended = await promote(first, A);
    expect(ended.code).to.equal(3);
    expect(about(ended).reason).to.include({ code: "local-not-running" });

    expect((await run(checkout, ["local", "up"])).code).to.equal(0);
    expect(await status(first)).to.include({ sha: A, lease: null });
    expect(about(await promote(first, A)).outcome).to.equal("unchanged");
    expect((await run(checkout, ["local", "down"])).code).to.equal(0);
    expect(await leftAfter(checkout.mark, 1_000)).to.deep.equal([]);
  });

  it("leave no temporary file behind, but for those of the one that was killed", () => {
    const left = readdirSync(checkout.scratch).filter((name) => !name.startsWith("node-compile-cache"));
    expect(left.filter((name) => name.startsWith("promotion-"))).to.have.length.at.most(1);
    expect(left.filter((name) => !/^(promotion-|plugin)/.test(name))).to.deep.equal([]);
  });
});

/** What runs for the length of one promotion: the engine and its provider, and the shells that watch over them. */
const isTool = ({ command }: { command: string }) => /pulumi|terraform|\/dynamic |\/bin\/sh/.test(command);

/** Every file of the rehearsal environment that people read or send on; what it is kept running with is not among them. */
function printedTo({ rehearsal }: Checkout): Record<string, string> {
  const names = readdirSync(rehearsal, { recursive: true, encoding: "utf8" });
  const files = names.filter((name) => /\.(log|html|txt)$/.test(name));
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(rehearsal, name), "utf8")]));
}
