import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  type LifecycleRule,
  S3Client,
} from "@aws-sdk/client-s3";
import type { BucketLook } from "../doctor/place.ts";
import { TEMPORARY } from "../ports/artifacts.ts";
import { type AwsAccess, clientSettings } from "./aws-access.ts";

/** The region that has no name of its own where a bucket's place is told. */
const NAMELESS = "us-east-1";

export const s3For = (access: AwsAccess) =>
  new S3Client({ ...clientSettings(access), forcePathStyle: access.endpoint !== undefined });

/** What there is to see of a bucket without looking into it; undefined when there is none. */
export async function lookAtBucket(Bucket: string, access: AwsAccess): Promise<BucketLook | undefined> {
  const s3 = s3For(access);
  const place = await unless(/^NoSuchBucket$/, s3.send(new GetBucketLocationCommand({ Bucket })));
  if (!place) return undefined;
  const region = place.LocationConstraint || NAMELESS;
  if (region !== access.region) return { region };
  const [versioning, encryption, access_, lifecycle] = await Promise.all([
    s3.send(new GetBucketVersioningCommand({ Bucket })),
    unless(/^ServerSideEncryptionConfigurationNotFound/, s3.send(new GetBucketEncryptionCommand({ Bucket }))),
    unless(/^NoSuchPublicAccessBlock/, s3.send(new GetPublicAccessBlockCommand({ Bucket }))),
    unless(/^NoSuchLifecycle/, s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))),
  ]);
  const { BlockPublicAcls, BlockPublicPolicy, IgnorePublicAcls, RestrictPublicBuckets } =
    access_?.PublicAccessBlockConfiguration ?? {};
  const blocks = { BlockPublicAcls, BlockPublicPolicy, IgnorePublicAcls, RestrictPublicBuckets };
  const settings = {
    versioned: versioning.Status === "Enabled",
    encrypted: (encryption?.ServerSideEncryptionConfiguration?.Rules ?? []).length > 0,
    open: Object.entries(blocks)
      .filter(([, on]) => on !== true)
      .map(([name]) => name),
    uploadsExpire: (lifecycle?.Rules ?? []).some(expiresUploads),
  };
  return { region, settings };
}

function expiresUploads({ Status, Filter, Expiration }: LifecycleRule): boolean {
  const tagged = Filter?.Tag?.Key === TEMPORARY.key && Filter.Tag.Value === TEMPORARY.value;
  return Status === "Enabled" && tagged && (Expiration?.Days ?? 0) > 0;
}

/** An answer, or undefined where AWS says by such a name that there is none. */
export async function unless<T>(absent: RegExp, asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (absent.test((error as Error).name)) return undefined;
    throw error;
  }
}
