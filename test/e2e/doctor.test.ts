import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DeleteAccessKeyCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateBucketCommand, DeleteBucketCommand } from "@aws-sdk/client-s3";
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { expect } from "chai";
import { type AwsAccess, clientSettings } from "../../orchestrator/adapters/aws-access.ts";
import { s3For } from "../../orchestrator/adapters/doctor-buckets.ts";
import { dynamodbLedger } from "../../orchestrator/adapters/dynamodb-ledger.ts";
import { systemClock } from "../../orchestrator/adapters/system-clock.ts";
import type { Finding } from "../../orchestrator/doctor/finding.ts";
import { loadEnvironment } from "../../orchestrator/environment.ts";
import { runningRelease } from "../../orchestrator/promotion/history.ts";
import { lastRecord, type RehearsalRecord, writeRecord } from "../../rehearsal/record.ts";
import { type Checkout, checkOutNow } from "./checkout.ts";
import { documentOf, launch, run } from "./command.ts";
import { type Break, breaksOf } from "./doctor-breaks.ts";
import { about, commandsFor, firstAndLast, raised, razed } from "./promotions.ts";

const KEY = "0f9e8d7c6b5a49382716f5e4d3c2b1a0";

describe("the doctor and the service's secrets on one machine, by the command line", function () {
  this.timeout(240_000);
  let checkout: Checkout;
  let access: AwsAccess;
  let [first, last]: string[] = [];

  before(async function () {
    this.timeout(900_000); // a fresh machine builds the engine first
    checkout = checkOutNow();
    ({ first, last } = firstAndLast(checkout));
    access = await raised(checkout);
    const commands = commandsFor(checkout, access);
    const sha = await commands.packaged();
    const ended = await commands.promote(first ?? "", sha, "--bake", "1s", "--strategy", "all-at-once");
    expect(about(ended).outcome, ended.err).to.equal("promoted");
  });
  after(() => razed(checkout));

  async function doctor(env = first ?? "", variables: NodeJS.ProcessEnv = {}) {
    const ended = await run(checkout, ["doctor", "--env", env, "--local", "--json"], variables);
    const { findings, healthy } = documentOf(ended) as unknown as { findings: Finding[]; healthy: boolean };
    const told = findings.filter(({ severity }) => severity !== "fine");
    expect(ended.code, ended.out).to.equal(healthy ? 0 : 3);
    expect(healthy).to.equal(findings.every(({ severity }) => severity !== "problem"));
    return { ended, findings, told: told.map(({ check, code }) => `${check} ${code}`).sort() };
  }

  async function withRecord(change: (record: RehearsalRecord) => void, look: () => Promise<unknown>) {
    const record = await lastRecord(checkout.rehearsal);
    if (!record) throw new Error("there is no record");
    const changed = structuredClone(record);
    change(changed);
    await writeRecord(checkout.rehearsal, changed);
    await look().finally(() => writeRecord(checkout.rehearsal, record));
  }
  const environmentIn = ({ environments }: RehearsalRecord, name = "") => {
    const found = environments[name];
    if (!found) throw new Error(`the record has no ${name}`);
    return found;
  };

  it("finds nothing wrong with what was just promoted, within seconds", async () => {
    const { told, ended } = await doctor();
    expect(told).to.deep.equal([]);
    expect(ended.ms).to.be.below(8_000);
  });

  it("finds each thing that is broken, exactly that, and nothing when it is mended", async () => {
    const environment = loadEnvironment(checkout.root, first ?? "");
    const { ledger: table } = environment.promotion;
    const ledger = dynamodbLedger({ table, environment: environment.name, clock: systemClock }, access);
    const running = runningRelease(await ledger.entries());
    if (!running) throw new Error("nothing runs");
    const breaks = breaksOf(environment, access, {
      alarms: running.alarms,
      topic: running.alertsTopicArn,
      project: "sentiment-analyzer",
    });
    const rounds = Math.max(...Object.values(breaks).map(({ length }) => length));
    for (let round = 0; round < rounds; round++) {
      const broken = Object.values(breaks).flatMap((list) => list[round] ?? []);
      const mend: (() => Promise<unknown>)[] = [];
      for (const each of broken) mend.push(await each.break());
      const { told } = await doctor();
      expect(told, `round ${round}`).to.deep.equal(expectedOf(broken));
      for (const each of mend) await each();
    }
    expect((await doctor()).told).to.deep.equal([]);
  });

  it("knows whose the credentials are", async () => {
    const cases: [
      code: string,
      take: (record: RehearsalRecord) => { accessKeyId: string; secretAccessKey: string },
    ][] = [
      ["credentials-of-another-environment", (record) => environmentIn(record, last).credentials],
      ["credentials-of-root", () => ({ accessKeyId: "test", secretAccessKey: "test" })],
      [
        "credentials-not-the-deployers",
        (record) => environmentIn(record, first).reader ?? { accessKeyId: "", secretAccessKey: "" },
      ],
      ["may-not-look", () => ({ accessKeyId: "AKIAIOSFODNN7NOBODYS", secretAccessKey: "nobodys" })],
    ];
    for (const [code, take] of cases)
      await withRecord(
        (record) => {
          environmentIn(record, first).credentials = take(record);
        },
        async () => {
          const { findings } = await doctor();
          expect(findings[0], code).to.include({ check: "credentials", code });
          if (code === "may-not-look")
            expect(findings.find(({ check }) => check === "ledger")?.code).to.equal("not-looked-at");
          if (code === "credentials-not-the-deployers")
            // What a release reader may not see is not said to be fine.
            expect(findings.find(({ check }) => check === "ledger-table")?.code).to.equal("may-not-look");
        },
      );
  });

  it("sees where releases and trust come from, in an environment that nothing was promoted to", async () => {
    const well = await doctor(last);
    expect(well.told).to.deep.equal([]);
    const codes = well.findings.map(({ code }) => code);
    expect(codes).to.include.members([
      "alarms-not-yet",
      "alerts-not-yet",
      "stack-not-yet",
      "source-fine",
      "trust-fine",
    ]);
    for (const [publicKey, finding] of [
      ["", "trust trust-missing"],
      ["-----BEGIN PUBLIC KEY-----", "trust trust-unreadable"],
    ])
      await withRecord(
        (record) => {
          const { promotion } = environmentIn(record, last);
          promotion.requires = (promotion.requires as object[]).map((each) => ({ ...each, publicKey }));
        },
        async () => expect((await doctor(last)).told).to.deep.equal([finding]),
      );
    await withRecord(
      (record) => {
        const { promotion } = environmentIn(record, last);
        promotion.requires = (promotion.requires as object[]).map((each) => ({ ...each, publicKey: "" }));
      },
      async () => expect((await doctor()).told).to.deep.equal(["signing-key signing-key-unknown"]),
    );
  });

  it("sees a bucket that is gone, an account that is too small, a machine without an engine", async () => {
    const s3 = s3For(access);
    const Bucket = loadEnvironment(checkout.root, last ?? "").promotion.packages;
    await s3.send(new DeleteBucketCommand({ Bucket }));
    const file = join(checkout.root, `Pulumi.${last}.yaml`);
    const settings = readFileSync(file, "utf8");
    writeFileSync(file, settings.replace(/analysis: \d+/, "analysis: 100000"));
    const nothing = { XDG_CACHE_HOME: join(checkout.scratch, "nothing"), HOME: checkout.scratch };
    const { told } = await doctor(last, nothing);
    expect(told).to.include.members([
      "engine engine-missing",
      "limits concurrency-short",
      "packages-bucket bucket-missing",
    ]);
    expect(told).to.have.length(3);
    writeFileSync(file, settings);
    const elsewhere = { LocationConstraint: "eu-west-1" as const };
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: elsewhere }));
    expect((await doctor(last)).told).to.include("packages-bucket bucket-elsewhere");
  });

  it("sees an empty secret until it is set, from standard input, and nothing prints its value", async () => {
    const SecretId = `${first}-newsapi-key`;
    const client = new SecretsManagerClient(clientSettings(access));
    await client.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
    await client.send(new CreateSecretCommand({ Name: SecretId }));
    expect((await doctor()).told).to.deep.equal(["secrets secret-empty"]);
    const list = async () =>
      (
        documentOf(await run(checkout, ["secrets", "list", "--env", first ?? "", "--local", "--json"])) as {
          secrets: { name: string; set: boolean }[];
        }
      ).secrets.map(({ name, set }) => `${name} ${set}`);
    expect(await list()).to.deep.equal(["newsapi-key false", "dashboard-api-key true"]);
    const words = `printf '%s\\n' ${KEY} | npm run --silent secrets -- set --env ${first} --name newsapi-key --local`;
    const set = await launch(checkout, ["sh", "-c", words]).ended;
    expect(set.code, set.err).to.equal(0);
    expect(set.out + set.err)
      .to.contain("newsapi-key is set")
      .and.not.contain(KEY);
    expect(await list()).to.deep.equal(["newsapi-key true", "dashboard-api-key true"]);
    expect((await doctor()).told).to.deep.equal([]);
  });

  it("sees a release reader whose keys were taken away", async () => {
    const record = await lastRecord(checkout.rehearsal);
    const reader = record && environmentIn(record, first).reader;
    const iam = new IAMClient(clientSettings(access));
    await iam.send(
      new DeleteAccessKeyCommand({
        UserName: `sentiment-analyzer-${first}-release-reader`,
        AccessKeyId: reader?.accessKeyId,
      }),
    );
    expect((await doctor(last)).told).to.include("source source-refused");
  });
});

const expectedOf = (broken: Break[]) => broken.flatMap(({ finds }) => finds).sort();
