import aws from "@pulumi/aws";

/** A private bucket that keeps every version of what is in it. */
export function versionedBucket(name: string, bucketName: string) {
  const bucket = new aws.s3.Bucket(name, { bucket: bucketName }, { protect: true });
  const versioning = new aws.s3.BucketVersioning(name, {
    bucket: bucket.id,
    versioningConfiguration: { status: "Enabled" },
  });
  new aws.s3.BucketPublicAccessBlock(name, {
    bucket: bucket.id,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  return { bucket, versioning };
}
