import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  HeadBucketCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { type AwsAccess, clientSettings } from "../adapters/aws-access.ts";
import type { FoundBucket } from "./found.ts";
import { unlessMissing } from "./missing.ts";
import { bootstrapProblem } from "./problems.ts";

/** A bucket as its owner sees it. Throws foundation-unfit where another account has the name. */
export async function lookAtBucket(Bucket: string, access: AwsAccess): Promise<FoundBucket | undefined> {
  const client = new S3Client({ ...clientSettings(access), forcePathStyle: access.endpoint !== undefined });
  const there = await unlessMissing(client.send(new HeadBucketCommand({ Bucket }))).catch((error) => {
    if (error.$metadata?.httpStatusCode !== 403) throw error;
    const why = "it is another account's: the names of buckets are unique in all of AWS";
    throw bootstrapProblem("foundation-unfit", { what: `the bucket ${Bucket}`, why }, error);
  });
  if (!there) return undefined;
  const [versioning, encryption, policy, lifecycle] = await Promise.all([
    client.send(new GetBucketVersioningCommand({ Bucket })),
    unlessMissing(client.send(new GetBucketEncryptionCommand({ Bucket }))).catch(none),
    unlessMissing(client.send(new GetBucketPolicyCommand({ Bucket }))),
    unlessMissing(client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))),
  ]);
  const [rule] = encryption?.ServerSideEncryptionConfiguration?.Rules ?? [];
  const { SSEAlgorithm = "", KMSMasterKeyID = "" } = rule?.ApplyServerSideEncryptionByDefault ?? {};
  return {
    name: Bucket,
    mfaDelete: versioning.MFADelete === "Enabled",
    kmsKey: SSEAlgorithm.startsWith("aws:kms") ? KMSMasterKeyID : undefined,
    statements: policy?.Policy ? [JSON.parse(policy.Policy).Statement].flat() : [],
    lifecycle: (lifecycle?.Rules ?? []).map(({ ID = "", Expiration, NoncurrentVersionExpiration }) => ({
      id: ID,
      days: Expiration?.Days ?? NoncurrentVersionExpiration?.NoncurrentDays,
    })),
  };
}

/** Old buckets have no encryption of their own, and S3 has a name of its own for that. */
function none(error: Error): undefined {
  if (error.name !== "ServerSideEncryptionConfigurationNotFoundError") throw error;
  return undefined;
}
