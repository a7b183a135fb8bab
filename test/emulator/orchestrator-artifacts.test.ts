import {
  CreateBucketCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { s3Artifacts } from "../../orchestrator/adapters/s3-artifacts.ts";
import { TEMPORARY } from "../../orchestrator/ports/artifacts.ts";
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

  async function tagsOf({ s3, Bucket }: { s3: S3Client; Bucket: string }, Key: string) {
    const { TagSet = [] } = await s3.send(new GetObjectTaggingCommand({ Bucket, Key }));
    return Object.fromEntries(TagSet.map(({ Key: name, Value }) => [name, Value]));
  }

  it("carry the tag that the lifecycle rule goes by, from the first moment until they are kept", async () => {
    const made = await makeBucket();
    await made.artifacts.put("key", Buffer.from("bytes"), {}, "temporary");
    expect(await tagsOf(made, "key")).to.deep.equal({ [TEMPORARY.key]: TEMPORARY.value });
    await made.artifacts.put("key", Buffer.from("bytes"));
    expect(await tagsOf(made, "key"), "the same bytes again change nothing").to.have.key(TEMPORARY.key);
    await made.artifacts.keep("key");
    expect(await tagsOf(made, "key")).to.deep.equal({});
  });

  it("carry it beside other tags, and keep those when they lose it", async () => {
    const made = await makeBucket();
    await made.artifacts.put("key", Buffer.from("bytes"), {}, "temporary");
    await made.artifacts.tag("key", { release: "0123" });
    expect(await tagsOf(made, "key")).to.deep.equal({ release: "0123", [TEMPORARY.key]: TEMPORARY.value });
    await made.artifacts.keep("key");
    expect(await tagsOf(made, "key")).to.deep.equal({ release: "0123" });
  });

  it("never carry it when they were put to stay", async () => {
    const made = await makeBucket();
    await made.artifacts.put("key", Buffer.from("bytes"), { sha: "0123" });
    expect(await tagsOf(made, "key")).to.deep.equal({});
  });
});
