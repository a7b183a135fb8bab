import { CreateFunctionCommand, LambdaClient, UpdateFunctionCodeCommand } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { clientConfig } from "./emulator-fixture.ts";
import { createRole, zipOf } from "./functions.ts";
import { clientConfigOf, fate } from "./principal.ts";

describe("emulator: a function's code in a bucket", () => {
  let lambda: LambdaClient;
  let role: string;

  before(async () => {
    const s3 = new S3Client({ ...(await clientConfig()), forcePathStyle: true });
    for (const Bucket of ["ours-packages", "their-packages"]) {
      await s3.send(new CreateBucketCommand({ Bucket }));
      await s3.send(new PutObjectCommand({ Bucket, Key: "fn/lambda.zip", Body: await zipOf("") }));
    }
    role = await createRole("from-s3");
    const statements = [
      { Effect: "Allow", Action: ["lambda:*", "iam:PassRole"], Resource: "*" },
      { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::ours-*/*" },
    ];
    lambda = new LambdaClient(await clientConfigOf("packager", statements));
  });

  const create = (FunctionName: string, S3Bucket: string, S3Key: string) =>
    fate(
      lambda.send(
        new CreateFunctionCommand({
          FunctionName,
          Runtime: "nodejs24.x",
          Handler: "index.handler",
          Role: role,
          Code: { S3Bucket, S3Key },
        }),
      ),
    );

  it("is taken when the caller may read it", async () => {
    expect(await create("from-s3", "ours-packages", "fn/lambda.zip")).to.equal("allowed");
  });

  it("is refused when the caller may not read it", async () => {
    expect(await create("from-theirs", "their-packages", "fn/lambda.zip")).to.equal("denied");
    const update = new UpdateFunctionCodeCommand({
      FunctionName: "from-s3",
      S3Bucket: "their-packages",
      S3Key: "fn/lambda.zip",
    });
    expect(await fate(lambda.send(update))).to.equal("denied");
  });

  it("is refused when it is not there", async () => {
    expect(await create("from-nothing", "ours-packages", "fn/other.zip")).to.include("NoSuchKey");
  });
});
