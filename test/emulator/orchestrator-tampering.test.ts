import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { s3Artifacts } from "../../orchestrator/adapters/s3-artifacts.ts";
import { type Tamperable, tamperingContract } from "../contracts/tampering.ts";
import { emulatorAccess, unused } from "./access.ts";

/** A bucket in which an administrator of its account tampers, past all that the orchestrator does to write once. */
async function bucket(name: string): Promise<Tamperable> {
  const access = await emulatorAccess();
  const s3 = new S3Client({ ...access, forcePathStyle: true });
  const Bucket = unused(name);
  await s3.send(new CreateBucketCommand({ Bucket }));
  return {
    ...s3Artifacts(Bucket, access),
    overwrite: async (Key, Body) => void (await s3.send(new PutObjectCommand({ Bucket, Key, Body }))),
    remove: async (Key) => void (await s3.send(new DeleteObjectCommand({ Bucket, Key }))),
  };
}

describe("orchestrator: a release from a bucket that somebody may have tampered with", () => {
  tamperingContract(async () => ({
    source: await bucket("tampered-source"),
    store: await bucket("tampered-store"),
  }));
});
