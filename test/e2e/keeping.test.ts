import { GetBucketLifecycleConfigurationCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { type AwsAccess, clientSettings } from "../../orchestrator/adapters/aws-access.ts";
import { lambdaVersions } from "../../orchestrator/adapters/lambda-versions.ts";
import { environmentNames, loadEnvironment } from "../../orchestrator/environment.ts";
import { type Checkout, checkOutNow } from "./checkout.ts";
import { documentOf, run } from "./command.ts";
import { about, type Commands, commandsFor, firstAndLast, raised, razed } from "./promotions.ts";

/** The shortest promotion that still is one: what it watches for is another suite's to show. */
const QUICK = ["--bake", "1s", "--strategy", "all-at-once"];

type Line = {
  sha: string;
  environments: Record<string, Record<string, unknown>>;
  attestations: { holds: boolean }[];
};
type Plan = {
  removed: { sha: string; keys: string[]; versions: { functionName: string; version: string }[] }[];
  kept: { sha: string; because: string }[];
};

describe("keeping and removing releases on one machine, by the command line", function () {
  this.timeout(240_000);
  let checkout: Checkout;
  let access: AwsAccess;
  let commands: Commands;
  let [first, last]: string[] = [];
  /** Three that were validated, in their order, and one that was only packaged. */
  const shas: string[] = [];

  before(async function () {
    this.timeout(900_000); // a fresh machine builds the engine first
    checkout = checkOutNow();
    ({ first, last } = firstAndLast(checkout));
    for (const name of environmentNames(checkout.root))
      checkout.commit(`Pulumi.${name}.yaml`, (text) =>
        text.replace(/^( +)bake: .*$/m, "$&\n$1keepReleases: 2\n$1retentionDays: 0"),
      );
    access = await raised(checkout);
    commands = commandsFor(checkout, access);
    for (let n = 0; n < 4; n++) {
      checkout.commit("lambdas/dashboard/index.ts", (text) => `${text}\n// Change ${n}.\n`);
      const sha = await commands.packaged();
      shas.push(sha);
      if (n === 3) continue;
      const ended = await commands.promote(first ?? "", sha, ...QUICK);
      expect(about(ended).outcome, ended.err).to.equal("promoted");
    }
  });
  after(() => razed(checkout));

  const bucketOf = (env: string) => loadEnvironment(checkout.root, env).promotion.packages;
  const s3 = () => new S3Client({ ...clientSettings(access), forcePathStyle: true });
  async function keysOf(env: string, sha: string): Promise<string[]> {
    const { Contents = [] } = await s3().send(new ListObjectsV2Command({ Bucket: bucketOf(env) }));
    return Contents.map(({ Key = "" }) => Key).filter((key) => key.includes(sha));
  }
  const versionsOf = async (env: string) =>
    (await lambdaVersions(access).list(`${env}-sentiment-dashboard`)).map(({ version }) => version);
  const gc = async (...more: string[]) => {
    const ended = await run(checkout, ["gc", "--env", first ?? "", "--local", "--json", ...more]);
    expect(ended.code, ended.err).to.equal(0);
    return { ended, plan: documentOf(ended) as unknown as Plan };
  };
  const releases = async (...more: string[]) => {
    const ended = await run(checkout, ["releases", "--local", "--json", ...more]);
    expect(ended.code, ended.err).to.equal(0);
    return (documentOf(ended) as unknown as { releases: Line[] }).releases;
  };

  it("has the rule in its bucket by which uploads expire", async () => {
    for (const env of [first, last]) {
      const { Rules = [] } = await s3().send(
        new GetBucketLifecycleConfigurationCommand({ Bucket: bucketOf(env ?? "") }),
      );
      expect(Rules.map(({ Filter, Expiration }) => [Filter?.Tag, Expiration?.Days])).to.deep.equal([
        [{ Key: "retention", Value: "temporary" }, 1],
        [undefined, undefined],
      ]);
    }
  });

  it("promotes the newest release that is validated, and says which it passes over", async () => {
    const ended = await run(checkout, [
      ...["promote", "--env", last ?? "", "--latest-validated", "--local", "--json"],
      ...QUICK,
    ]);
    const { outcome, sha } = about(ended);
    expect({ outcome, sha }, ended.err).to.deep.equal({ outcome: "promoted", sha: shas[2] });
    expect(ended.err).to.contain(`${shas[3]?.slice(0, 7)} is passed over`);
    const again = await run(checkout, [
      "promote",
      "--env",
      last ?? "",
      "--latest-validated",
      "--local",
      "--json",
    ]);
    expect(about(again)).to.include({ outcome: "unchanged", sha: shas[2] });
  });

  it("lists what each environment makes of each release", async () => {
    const lines = await releases();
    expect(lines.map(({ sha }) => sha)).to.deep.equal([shas[2], shas[1], shas[0]]);
    expect(lines.map(({ attestations }) => attestations[0]?.holds)).to.deep.equal([true, true, true]);
    const [newest, middle] = lines;
    for (const env of [first ?? "", last ?? ""])
      expect(newest?.environments[env]).to.include({ stored: true, running: true, held: null });
    expect(middle?.environments[last ?? ""]).to.include({ stored: false, running: false, promoted: null });
    expect(Object.keys((await releases("--env", first ?? ""))[0]?.environments ?? {})).to.deep.equal([first]);
  });

  it("removes what is not among the last two, with its versions, as its dry run said", async () => {
    const before = await versionsOf(first ?? "");
    const { ended: said } = await gc("--dry-run");
    expect((await keysOf(first ?? "", shas[0] ?? "")).length).to.be.greaterThan(5);
    const { ended: did, plan } = await gc();
    expect(did.out).to.equal(said.out);
    expect(plan.removed.map(({ sha }) => sha)).to.deep.equal([shas[0]]);
    expect(plan.removed[0]?.versions).to.have.length(4);
    expect(await keysOf(first ?? "", shas[0] ?? "")).to.deep.equal([
      `releases/${shas[0]}/attestations/${first}-validated.json`,
    ]);
    expect(await versionsOf(first ?? "")).to.deep.equal(before.slice(1));
    expect((await gc()).plan.removed).to.deep.equal([]);
  });

  it("does not go back to what was removed", async () => {
    const before = await commands.looked(first ?? "");
    const back = ["rollback", "--env", first ?? "", "--reason", "a test", "--local", "--json"];
    const ended = await run(checkout, [...back, "--to", shas[0] ?? ""]);
    await commands.refused(first ?? "", before, ended, "rollback-target-unknown");
  });

  it("does not trouble the engine: nothing has changed, and the next release is promoted, and taken back", async () => {
    const same = await commands.promote(first ?? "", shas[2] ?? "", ...QUICK);
    expect(about(same).outcome, same.err).to.equal("unchanged");
    const next = await commands.promote(first ?? "", shas[3] ?? "", ...QUICK);
    expect(about(next).outcome, next.err).to.equal("promoted");
    const back = await run(checkout, [
      ...["rollback", "--env", first ?? "", "--reason", "a test", "--local", "--json"],
    ]);
    expect(about(back), back.err).to.include({ outcome: "promoted" });
    await commands.runs(first ?? "", shas[2] ?? "", about(back));
  });
});
