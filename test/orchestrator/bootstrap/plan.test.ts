import { expect } from "chai";
import { tlsOnly } from "../../../infra/foundation/bucket.ts";
import type { Found, FoundBucket } from "../../../orchestrator/bootstrap/found.ts";
import { planOf } from "../../../orchestrator/bootstrap/plan.ts";
import { ACCOUNT, principalsFor, settingsOf } from "../../infra/foundation/settings-of.ts";

const ENVIRONMENT = "preprod";
const settings = settingsOf(ENVIRONMENT);
const MADE = (["deployer", "release-reader", "preview-reader"] as const).flatMap((part) =>
  principalsFor(ENVIRONMENT, part),
);
const DEPLOYER = `sentiment-analyzer-${ENVIRONMENT}-deployer`;
const key = { id: "a-key", usage: "ENCRYPT_DECRYPT", spec: "SYMMETRIC_DEFAULT", state: "Enabled" };

const nothing = (): Found => ({
  account: ACCOUNT,
  buckets: { state: undefined, packages: undefined },
  ledger: undefined,
  keys: { secrets: undefined, signing: undefined },
  aliases: { secrets: false, signing: false },
  secrets: {},
  principals: {},
  policies: [],
  githubProvider: false,
});
const bucket = (name: string, more: Partial<FoundBucket> = {}): FoundBucket => ({
  name,
  mfaDelete: false,
  statements: [],
  lifecycle: [],
  ...more,
});
const plan = (found: Partial<Found>) => planOf(settings, MADE, { ...nothing(), ...found });
const packages = (more: Partial<FoundBucket>) =>
  plan({ buckets: { state: undefined, packages: bucket(settings.packagesBucket, more) } });

describe("the plan of a bootstrap", () => {
  it("takes nothing over and leaves nothing alone where nothing stands", () => {
    expect(plan({})).to.deep.equal({ adopt: {}, keep: {}, statements: {}, kept: [] });
  });

  it("takes over what has our names, by the id that AWS knows it by", () => {
    const found = plan({
      buckets: { state: bucket(settings.stateBucket), packages: undefined },
      ledger: { keys: ["pk", "sk"] },
      keys: { secrets: key, signing: undefined },
      aliases: { secrets: true, signing: false },
      secrets: { [settings.secrets.newsApiKey]: { arn: "arn:of:the:secret", deleted: false } },
      principals: { [DEPLOYER]: { kind: "user" } },
      policies: [
        `arn:aws:iam::${ACCOUNT}:policy/${ENVIRONMENT}-deployer-denied`,
        `arn:aws:iam::${ACCOUNT}:policy/${ENVIRONMENT}-function-boundary`,
      ],
    });
    expect(found.adopt).to.deep.equal({
      "aws:s3/bucket:Bucket state": settings.stateBucket,
      "aws:dynamodb/table:Table ledger": settings.ledgerTable,
      "aws:kms/key:Key secrets": "a-key",
      "aws:kms/alias:Alias secrets": settings.secretsKey,
      "aws:secretsmanager/secret:Secret newsapi-key": "arn:of:the:secret",
      "aws:iam/user:User deployer": DEPLOYER,
      "aws:iam/policy:Policy deployer-denied": `arn:aws:iam::${ACCOUNT}:policy/${ENVIRONMENT}-deployer-denied`,
      "aws:iam/policy:Policy function-boundary": `arn:aws:iam::${ACCOUNT}:policy/${ENVIRONMENT}-function-boundary`,
    });
    expect(found.kept).to.deep.equal([]);
  });

  it("names a key that an interrupted run could not name, instead of making one more", () => {
    const { adopt } = plan({ keys: { secrets: key, signing: undefined } });
    expect(adopt).to.deep.equal({ "aws:kms/key:Key secrets": "a-key" });
  });

  it("takes no user for the role that is wanted", () => {
    const roles = (["deployer"] as const).flatMap((part) =>
      principalsFor(ENVIRONMENT, part, "an-owner/a-repository"),
    );
    const { adopt } = planOf(settings, roles, { ...nothing(), principals: { [DEPLOYER]: { kind: "user" } } });
    expect(adopt).to.deep.equal({});
  });

  it("leaves the encryption by a key of somebody's own", () => {
    const type =
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration packages";
    const { keep, kept, adopt } = packages({ kmsKey: "arn:of:a:key" });
    expect(keep).to.deep.equal({ [type]: ["rules"] });
    expect(adopt).to.include({ [type]: settings.packagesBucket });
    expect(kept.join()).to.contain(settings.packagesBucket);
    const secret = { arn: "arn:of:it", kmsKey: "arn:of:a:key", deleted: false };
    expect(plan({ secrets: { [settings.secrets.newsApiKey]: secret } }).keep).to.deep.equal({
      "aws:secretsmanager/secret:Secret newsapi-key": ["kmsKeyId"],
    });
    expect(plan({ ledger: { keys: ["pk", "sk"], kmsKey: "arn:of:a:key" } }).keep).to.deep.equal({
      "aws:dynamodb/table:Table ledger": ["serverSideEncryption"],
    });
  });

  it("leaves MFA for deletions, and the versioning that it is part of", () => {
    const { keep, adopt } = packages({ mfaDelete: true });
    const type = "aws:s3/bucketVersioning:BucketVersioning packages";
    expect(keep[type]).to.include("versioningConfiguration");
    expect(adopt).to.include({ [type]: settings.packagesBucket });
  });

  it("adds to what a bucket's policy says, and does not count its own words", () => {
    const other = { Sid: "OnlyFromHere", Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*" };
    const own = JSON.parse(tlsOnly(settings.packagesBucket)).Statement;
    const found = packages({ statements: [other, ...own] });
    expect(found.statements).to.deep.equal({ packages: [other] });
    expect(JSON.parse(tlsOnly("b", [other])).Statement).to.have.length(2);
    expect(packages({ statements: own }).kept).to.deep.equal([]);
  });

  it("leaves a longer retention and rules that are not ours, and takes a shorter one for its own", () => {
    const rule = (id: string, days: number) => packages({ lifecycle: [{ id, days }] }).keep;
    const type = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration packages";
    expect(rule("what-was-removed", 400)).to.deep.equal({ [type]: ["rules"] });
    expect(rule("of-the-auditors", 10)).to.deep.equal({ [type]: ["rules"] });
    expect(rule("what-was-removed", 90)).to.deep.equal({});
    expect(rule("what-was-removed", 7)).to.deep.equal({});
  });

  it("leaves a boundary that somebody gave to a principal", () => {
    const { keep } = plan({ principals: { [DEPLOYER]: { kind: "user", boundary: "arn:of:a:boundary" } } });
    expect(keep).to.deep.equal({ "aws:iam/user:User deployer": ["permissionsBoundary"] });
  });

  it("refuses what has our name and cannot be what we need", () => {
    const unfit: [Partial<Found>, string][] = [
      [{ ledger: { keys: ["id"] } }, "its keys are id"],
      [{ keys: { secrets: undefined, signing: key } }, "not ECC_NIST_P256 for SIGN_VERIFY"],
      [
        { keys: { secrets: { ...key, state: "PendingDeletion" }, signing: undefined } },
        "its state is PendingDeletion",
      ],
      [{ secrets: { [settings.secrets.newsApiKey]: { arn: "a", deleted: true } } }, "it is to be deleted"],
    ];
    for (const [found, says] of unfit)
      expect(() => plan(found), says)
        .to.throw(says)
        .and.to.have.property("code", "foundation-unfit");
  });
});
