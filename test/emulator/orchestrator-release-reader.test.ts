import { CreateBucketCommand, DeleteObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { foundationSettings, principals } from "../../infra/foundation/index.ts";
import type { Part } from "../../infra/foundation/principal.ts";
import type { AwsAccess } from "../../orchestrator/adapters/aws-access.ts";
import { s3Artifacts } from "../../orchestrator/adapters/s3-artifacts.ts";
import { environmentNames } from "../../orchestrator/environment.ts";
import { readStacks } from "../../orchestrator/release/stacks.ts";
import { emulatorAccess } from "./access.ts";
import { clientConfigOf, fate } from "./principal.ts";

const ROOT = `${import.meta.dirname}/../..`;
const MISSING = "releases/abc/attestations/none.json";
const KEY = "releases/abc/manifest.json";

describe("orchestrator: the users of an environment's foundation, where IAM is enforced", () => {
  const names = environmentNames(ROOT);
  const users: Record<string, Record<"deployer" | "release-reader", AwsAccess>> = {};
  const buckets: Record<string, string> = {};

  before(async () => {
    const { project, stacks } = await readStacks(ROOT);
    const admin = await emulatorAccess();
    const s3 = new S3Client({ ...admin, forcePathStyle: true });
    for (const environment of names) {
      const settings = foundationSettings({
        project: project.name,
        stacks,
        environment,
        recoveryWindowInDays: 0,
      });
      const keys = {
        secrets: "arn:aws:kms:us-east-1:000000000000:key/a",
        signing: "arn:aws:kms:us-east-1:000000000000:key/b",
      };
      const all = principals(settings, { account: "000000000000", keys });
      const userOf = async (wanted: Part) => {
        const found = all.filter(({ part }) => part === wanted);
        const statements = found.flatMap(({ allow, deny }) => [...allow, ...deny]);
        expect(statements, wanted).not.to.deep.equal([]);
        return await clientConfigOf(`foundation-${environment}-${wanted}`, statements);
      };
      users[environment] = {
        deployer: await userOf("deployer"),
        "release-reader": await userOf("release-reader"),
      };
      const bucket = settings.packagesBucket;
      buckets[environment] = bucket;
      await s3.send(new CreateBucketCommand({ Bucket: bucket }));
      await s3Artifacts(bucket, admin).put(KEY, Buffer.from("bytes"));
    }
  });

  /** The bucket of one environment as a user of another, or of the same, sees it. */
  const seen = (environment: string, by: "deployer" | "release-reader", of: string) =>
    s3Artifacts(buckets[of] ?? "", users[environment]?.[by] as AwsAccess);

  for (const name of names)
    for (const other of names.filter((each) => each !== name)) {
      it(`the release reader of ${name} reads its releases, and is told what is not there`, async () => {
        const bucket = seen(name, "release-reader", name);
        expect(Buffer.from((await bucket.get(KEY)) ?? "").toString()).to.equal("bytes");
        expect(await bucket.get(MISSING)).to.equal(undefined);
      });

      it(`the release reader of ${name} writes nothing, tags nothing and removes nothing`, async () => {
        const bucket = seen(name, "release-reader", name);
        const s3 = new S3Client({ ...(users[name]?.["release-reader"] as AwsAccess), forcePathStyle: true });
        expect(await fate(bucket.put(MISSING, Buffer.from("bytes")))).to.equal("denied");
        expect(await fate(bucket.tag(KEY, { "preprod-validated": "true" }))).to.equal("denied");
        expect(await fate(s3.send(new DeleteObjectCommand({ Bucket: buckets[name], Key: KEY })))).to.equal(
          "denied",
        );
        expect(await bucket.get(KEY), "it is still there").not.to.equal(undefined);
      });

      it(`the release reader of ${name} does not read the releases of ${other}`, async () => {
        expect(await fate(seen(name, "release-reader", other).get(KEY))).to.equal("denied");
      });

      it(`the deployer of ${name} writes its own releases, and cannot even read those of ${other}`, async () => {
        expect(await fate(seen(name, "deployer", name).put(MISSING, Buffer.from("bytes")))).to.equal(
          "allowed",
        );
        expect(await fate(seen(name, "deployer", other).get(KEY))).to.equal("denied");
        expect(await fate(seen(name, "deployer", other).put(MISSING, Buffer.from("bytes")))).to.equal(
          "denied",
        );
      });
    }
});
