import {
  CreatePolicyCommand,
  CreateRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  IAMClient,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import {
  DeleteAliasCommand,
  DeleteFunctionUrlConfigCommand,
  GetAliasCommand,
  LambdaClient,
  ListAliasesCommand,
  UpdateAliasCommand,
} from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { tlsOnly } from "../../infra/foundation/bucket.ts";
import { account, clientConfig } from "./emulator-fixture.ts";
import { clientConfigOf, fate } from "./principal.ts";

const document = (Statement: object) => JSON.stringify({ Version: "2012-10-17", Statement });
const TRUST = document({
  Effect: "Allow",
  Principal: { Service: "lambda.amazonaws.com" },
  Action: "sts:AssumeRole",
});
const OWN = document({ Effect: "Allow", Action: "*", Resource: "*" });

describe("emulator: a permissions boundary as a condition", () => {
  const boundary = `arn:aws:iam::${account}:policy/bounded-ceiling`;
  const other = `arn:aws:iam::${account}:policy/bounded-other`;
  let iam: IAMClient;

  before(async () => {
    const admin = new IAMClient(await clientConfig());
    for (const PolicyName of ["bounded-ceiling", "bounded-other"])
      await admin.send(new CreatePolicyCommand({ PolicyName, PolicyDocument: OWN }));
    await admin.send(new CreateRoleCommand({ RoleName: "bounded-free", AssumeRolePolicyDocument: TRUST }));
    iam = new IAMClient(
      await clientConfigOf("bounding", [
        {
          Effect: "Allow",
          Action: [
            "iam:CreateRole",
            "iam:PutRolePolicy",
            "iam:PutRolePermissionsBoundary",
            "iam:DeleteRolePermissionsBoundary",
          ],
          Resource: "*",
          Condition: { StringEquals: { "iam:PermissionsBoundary": boundary } },
        },
        {
          Effect: "Deny",
          Action: ["iam:CreateRole", "iam:PutRolePermissionsBoundary"],
          Resource: "*",
          Condition: { StringNotEquals: { "iam:PermissionsBoundary": boundary } },
        },
      ]),
    );
  });

  const create = (RoleName: string, PermissionsBoundary?: string) =>
    fate(iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST, PermissionsBoundary })));
  const policy = (RoleName: string) =>
    fate(iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "own", PolicyDocument: OWN })));
  const bind = (RoleName: string, PermissionsBoundary: string) =>
    fate(iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary })));

  it("lets a role be made with it, and not without or with another", async () => {
    expect(await create("bounded-one", boundary)).to.equal("allowed");
    expect(await create("bounded-two")).to.equal("denied");
    expect(await create("bounded-three", other)).to.equal("denied");
  });

  it("lets a role have policies that has it, and no other", async () => {
    expect(await policy("bounded-one")).to.equal("allowed");
    expect(await policy("bounded-free")).to.equal("denied");
    expect(await bind("bounded-free", other)).to.equal("denied");
    expect(await bind("bounded-free", boundary)).to.equal("allowed");
    expect(await policy("bounded-free")).to.equal("allowed");
  });

  it("is seen where a role is to lose it", async () => {
    const lose = new DeleteRolePermissionsBoundaryCommand({ RoleName: "bounded-one" });
    expect(await fate(iam.send(lose))).to.equal("allowed");
    expect(await policy("bounded-one")).to.equal("denied");
  });
});

describe("emulator: the right to read a function's aliases", () => {
  it("is not the right to move the traffic, or to take an address away", async () => {
    const reader = new LambdaClient(
      await clientConfigOf("alias-reader", [
        { Effect: "Allow", Action: ["lambda:List*", "lambda:Get*", "lambda:Create*"], Resource: "*" },
      ]),
    );
    const FunctionName = "nobody";
    const live = { FunctionName, Name: "live" };
    const read = await Promise.all([
      fate(reader.send(new ListAliasesCommand({ FunctionName }))),
      fate(reader.send(new GetAliasCommand(live))),
    ]);
    expect(read.filter((each) => each === "denied")).to.deep.equal([]);
    expect(await fate(reader.send(new UpdateAliasCommand({ ...live, FunctionVersion: "1" })))).to.equal(
      "denied",
    );
    expect(await fate(reader.send(new DeleteAliasCommand(live)))).to.equal("denied");
    expect(await fate(reader.send(new DeleteFunctionUrlConfigCommand({ FunctionName })))).to.equal("denied");
  });
});

describe("emulator: a bucket that refuses all but TLS", () => {
  it("takes what comes by the loopback address for that, and still refuses what its policy refuses", async () => {
    const s3 = new S3Client({ ...(await clientConfig()), forcePathStyle: true });
    const Bucket = "only-by-tls";
    await s3.send(new CreateBucketCommand({ Bucket }));
    const put = (Statement: object) =>
      s3.send(new PutBucketPolicyCommand({ Bucket, Policy: document(Statement) }));
    await put(JSON.parse(tlsOnly(Bucket)).Statement);
    const reader = new S3Client({
      ...(await clientConfigOf("tls-reader", [{ Effect: "Allow", Action: "s3:*", Resource: "*" }])),
      forcePathStyle: true,
    });
    expect(await fate(reader.send(new ListObjectsV2Command({ Bucket })))).to.equal("allowed");
    await put({
      Effect: "Deny",
      Principal: "*",
      Action: "s3:ListBucket",
      Resource: `arn:aws:s3:::${Bucket}`,
    });
    expect(await fate(reader.send(new ListObjectsV2Command({ Bucket })))).to.equal("denied");
  });
});
