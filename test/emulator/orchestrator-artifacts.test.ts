import {
  CreateBucketCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { s3Artifacts } from "../../orchestrator/adapters/s3-artifacts.ts";
import { artifactsContract } from "../contracts/artifacts.ts";
import { emulatorAccess, unused } from "./access.ts";

describe("orchestrator: releases in a bucket", () => {
  async function makeBucket() {
    const access = await emulatorAccess();
    const s3 = new S3Client({ ...access, forcePathStyle: true });
    const Bucket = unused("releases");
    await s3.send(new CreateBucketCommand({ Bucket }));
    return { s3, Bucket, artifacts: s3Artifacts(Bucket, access) };
  }

  artifactsContract(async () => (await makeBucket()).artifacts);

  it("keep a name that is not ASCII, as mail writes it", async () => {
    const { s3, Bucket, artifacts } = await makeBucket();
    await artifacts.put("key", Buffer.from("bytes"), { author: "Zoë 李" });
    const { Metadata } = await s3.send(new HeadObjectCommand({ Bucket, Key: "key" }));
    const [, base64 = ""] = /^=\?UTF-8\?B\?(.+)\?=$/.exec(Metadata?.author ?? "") ?? [];
    expect(Buffer.from(base64, "base64").toString()).to.equal("Zoë 李");
  });

  it("keep metadata and tags for people who look", async () => {
    const { s3, Bucket, artifacts } = await makeBucket();
    await artifacts.put("key", Buffer.from("bytes"), { sha: "0123" });
    await artifacts.tag("key", { release: "0123" });
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: "key" }));
    expect(head.Metadata).to.deep.equal({ sha: "0123" });
    const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket, Key: "key" }));
    expect(TagSet).to.deep.equal([{ Key: "release", Value: "0123" }]);
  });
});
