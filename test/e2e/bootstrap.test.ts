import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  CreatePolicyCommand,
  CreateUserCommand,
  GetOpenIDConnectProviderCommand,
  GetPolicyCommand,
  GetRoleCommand,
  GetUserCommand,
  IAMClient,
  ListAccessKeysCommand,
} from "@aws-sdk/client-iam";
import { CreateKeyCommand, DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  HeadObjectCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { keyDescription } from "../../infra/foundation/keys.ts";
import type { FoundationSettings } from "../../infra/foundation/settings.ts";
import { GITHUB } from "../../infra/foundation/trust.ts";
import { type AwsAccess, accessVariables } from "../../orchestrator/adapters/aws-access.ts";
import { accessKeys } from "../../orchestrator/bootstrap/keys.ts";
import { layFoundation, surveyFoundation } from "../../orchestrator/bootstrap/lay.ts";
import { unlessMissing } from "../../orchestrator/bootstrap/missing.ts";
import type { Toolchain } from "../../orchestrator/ports/toolchain.ts";
import { startToolchain } from "../../rehearsal/toolchain.ts";
import { emulatorAccess } from "../emulator/access.ts";
import { account, eventually } from "../emulator/emulator-fixture.ts";
import { settingsOf } from "../infra/foundation/settings-of.ts";

const LAY_HERE = join(import.meta.dirname, "bootstrap/lay-here.ts");

describe("a bootstrap, on the emulator", function () {
  this.timeout(240_000);
  let access: AwsAccess;
  let toolchain: Toolchain;
  let s3: S3Client;
  let iam: IAMClient;
  const directory = mkdtempSync(join(tmpdir(), "bootstrap-"));
  const [interrupted, halfMade] = [settingsOf("preprod"), settingsOf("prod", "an-owner/a-repository")];

  before(async function () {
    this.timeout(900_000); // a fresh machine builds the engine first
    access = await emulatorAccess();
    s3 = new S3Client({ ...access, forcePathStyle: true });
    iam = new IAMClient(access);
    toolchain = await startToolchain({
      variables: accessVariables(access),
      rehearsed: true,
      progress: () => {},
    });
  });
  after(async () => {
    await toolchain?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const laying = (settings: FoundationSettings) => ({
    settings,
    administrator: access,
    directory,
    progress: () => {},
  });
  const lay = (settings: FoundationSettings) => layFoundation(laying(settings), toolchain);
  const there = async (asked: Promise<unknown>) => (await unlessMissing(asked)) !== undefined;
  const inBucket = ({ stateBucket: Bucket, environment }: FoundationSettings) =>
    s3.send(
      new HeadObjectCommand({
        Bucket,
        Key: `.foundation/.pulumi/stacks/sentiment-analyzer-foundation/${environment}.json`,
      }),
    );
  const versionOf = async (name: string) => {
    const PolicyArn = `arn:aws:iam::${account}:policy/${name}`;
    return (await iam.send(new GetPolicyCommand({ PolicyArn }))).Policy?.DefaultVersionId;
  };

  /** Starts a run in a process group of its own and kills all of it as soon as something is there. */
  async function killedOnce(settings: FoundationSettings, isThere: () => Promise<boolean>): Promise<void> {
    const { pulumiRoot, pulumiHome, providerPort } = toolchain;
    const given = JSON.stringify({
      laying: laying(settings),
      toolchain: { pulumiRoot, pulumiHome, providerPort },
    });
    const child = spawn(process.execPath, [LAY_HERE, given], {
      detached: true,
      stdio: ["ignore", "ignore", "inherit"],
    });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    try {
      const over = () => child.exitCode !== null || child.signalCode !== null;
      await eventually(async () => (await isThere()) || over(), 60_000);
      expect(over(), "it ended before it could be killed").to.equal(false);
    } finally {
      if (child.exitCode === null && child.signalCode === null) process.kill(-(child.pid ?? 0), "SIGKILL");
      await ended;
    }
  }

  it("goes on after it was killed anywhere, and has made each thing once", async () => {
    const user = `sentiment-analyzer-${interrupted.environment}-deployer`;
    const dynamodb = new DynamoDBClient(access);
    const tableThere = () =>
      there(dynamodb.send(new DescribeTableCommand({ TableName: interrupted.ledgerTable })));
    const userThere = () => there(iam.send(new GetUserCommand({ UserName: user })));
    const policyThere = () =>
      there(
        iam.send(
          new GetPolicyCommand({
            PolicyArn: `arn:aws:iam::${account}:policy/${interrupted.environment}-deployer-denied`,
          }),
        ),
      );
    for (const isThere of [tableThere, userThere, policyThere].slice(0, 2))
      if (!(await isThere())) await killedOnce(interrupted, isThere);
    await lay(interrupted);
    expect(await policyThere()).to.equal(true);
    expect(await there(inBucket(interrupted)), "its state is in the bucket").to.equal(true);
    expect(
      existsSync(join(directory, interrupted.environment, "state")),
      "nothing of it is left here",
    ).to.equal(false);
    const kms = new KMSClient(access);
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: interrupted.signingKey }));
    expect(KeyMetadata?.KeySpec).to.equal("ECC_NIST_P256");
    for (const Bucket of [interrupted.stateBucket, interrupted.packagesBucket]) {
      expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).to.equal("Enabled");
      const { PublicAccessBlockConfiguration } = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
      expect(Object.values(PublicAccessBlockConfiguration ?? {})).to.deep.equal([true, true, true, true]);
      const { Policy = "" } = await s3.send(new GetBucketPolicyCommand({ Bucket }));
      expect(Policy).to.contain("aws:SecureTransport");
    }
  });

  it("changes nothing when it runs again, and takes it all over when its state is lost", async () => {
    const name = `${interrupted.environment}-deployer-denied`;
    const before = await versionOf(name);
    const again = await lay(interrupted);
    expect(again.plan.kept).to.deep.equal([]);
    expect(await versionOf(name)).to.equal(before);
    const { stateBucket: Bucket } = interrupted;
    const Key = `.foundation/.pulumi/stacks/sentiment-analyzer-foundation/${interrupted.environment}.json`;
    const { DeleteObjectCommand } = await import("@aws-sdk/client-s3");
    await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    await lay(interrupted);
    expect(await there(inBucket(interrupted))).to.equal(true);
    const keys = new KMSClient(access);
    const { KeyMetadata } = await keys.send(new DescribeKeyCommand({ KeyId: interrupted.secretsKey }));
    expect(KeyMetadata?.Description).to.equal(keyDescription.secrets(interrupted.environment));
  });

  it("takes over what stands, and weakens nothing that somebody made stricter", async () => {
    const { packagesBucket: Bucket, environment } = halfMade;
    const { KeyMetadata } = await new KMSClient(access).send(
      new CreateKeyCommand({ Description: keyDescription.secrets(environment) }),
    );
    await s3.send(new CreateBucketCommand({ Bucket }));
    const rule = {
      ApplyServerSideEncryptionByDefault: {
        SSEAlgorithm: "aws:kms" as const,
        KMSMasterKeyID: KeyMetadata?.Arn,
      },
    };
    await s3.send(
      new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules: [rule] } }),
    );
    const own = {
      Sid: "NobodyElse",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:PutBucketAcl",
      Resource: `arn:aws:s3:::${Bucket}`,
    };
    await s3.send(
      new PutBucketPolicyCommand({
        Bucket,
        Policy: JSON.stringify({ Version: "2012-10-17", Statement: [own] }),
      }),
    );
    const Rules = [
      {
        ID: "what-was-removed",
        Status: "Enabled" as const,
        Filter: { Prefix: "" },
        NoncurrentVersionExpiration: { NoncurrentDays: 400 },
      },
    ];
    await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
    await new DynamoDBClient(access).send(
      new CreateTableCommand({
        TableName: halfMade.ledgerTable,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: ["pk", "sk"].map((AttributeName) => ({
          AttributeName,
          AttributeType: "S" as const,
        })),
        KeySchema: [
          { AttributeName: "pk", KeyType: "HASH" },
          { AttributeName: "sk", KeyType: "RANGE" },
        ],
      }),
    );
    const document = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
    });
    await iam.send(
      new CreatePolicyCommand({ PolicyName: `${environment}-function-boundary`, PolicyDocument: document }),
    );
    await iam.send(new CreateUserCommand({ UserName: `sentiment-analyzer-${environment}-preview-reader` }));

    const dry = await surveyFoundation(laying(halfMade));
    expect(Object.keys(dry.plan.adopt)).to.include("aws:dynamodb/table:Table ledger");
    await lay(halfMade);

    const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
    expect(ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault).to.include({
      SSEAlgorithm: "aws:kms",
    });
    const { Policy = "" } = await s3.send(new GetBucketPolicyCommand({ Bucket }));
    expect(JSON.parse(Policy).Statement.map(({ Sid }: { Sid: string }) => Sid)).to.have.members([
      "NobodyElse",
      "OnlyByTls",
    ]);
    const lifecycle = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(
      lifecycle.Rules?.map(({ NoncurrentVersionExpiration }) => NoncurrentVersionExpiration?.NoncurrentDays),
    ).to.deep.equal([400]);
    const { Table } = await new DynamoDBClient(access).send(
      new DescribeTableCommand({ TableName: halfMade.ledgerTable }),
    );
    expect(Table?.DeletionProtectionEnabled, "what was weaker is made as strong as ours").to.equal(true);
    expect(
      await versionOf(`${environment}-function-boundary`),
      "a boundary that bounds nothing is replaced",
    ).to.not.equal("v1");
    const { KeyMetadata: secrets } = await new KMSClient(access).send(
      new DescribeKeyCommand({ KeyId: halfMade.secretsKey }),
    );
    expect(secrets?.KeyId, "the key without a name").to.equal(KeyMetadata?.KeyId);
    const { Role } = await iam.send(
      new GetRoleCommand({ RoleName: `sentiment-analyzer-${environment}-deployer` }),
    );
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "")).to.contain(
      "repo:an-owner/a-repository:environment:production",
    );
    expect(
      await there(
        iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: GITHUB.arn(account) })),
      ),
    ).to.equal(true);
  });

  it("turns a user's keys one at a time, and leaves nobody without one", async () => {
    const UserName = `sentiment-analyzer-${interrupted.environment}-deployer`;
    const keys = accessKeys(access);
    const first = await keys.first(UserName);
    expect(await keys.first(UserName)).to.equal(undefined);
    expect(await keys.retire(UserName).catch(({ code }) => code)).to.equal("keys-only-one");
    const second = await keys.rotate(UserName);
    expect(second.accessKeyId).to.not.equal(first?.accessKeyId);
    expect(await keys.rotate(UserName).catch(({ code }) => code)).to.equal("keys-at-most-two");
    const listed = async () =>
      (await iam.send(new ListAccessKeysCommand({ UserName }))).AccessKeyMetadata?.map(
        ({ AccessKeyId, Status }) => [AccessKeyId, Status],
      );
    await keys.retire(UserName);
    expect(await listed()).to.deep.include.members([
      [first?.accessKeyId, "Inactive"],
      [second.accessKeyId, "Active"],
    ]);
    await keys.retire(UserName);
    expect(await listed()).to.deep.equal([[second.accessKeyId, "Active"]]);
  });
});
