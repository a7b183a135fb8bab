import aws from "@pulumi/aws";

/** A private bucket that keeps every version of what is in it, encrypts it, and speaks to nobody without TLS. */
export function versionedBucket(name: string, bucketName: string, statements: object[] = []) {
  const bucket = new aws.s3.Bucket(name, { bucket: bucketName }, { protect: true });
  const versioning = new aws.s3.BucketVersioning(name, {
    bucket: bucket.id,
    versioningConfiguration: { status: "Enabled" },
  });
  new aws.s3.BucketServerSideEncryptionConfiguration(name, {
    bucket: bucket.id,
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
  });
  const block = new aws.s3.BucketPublicAccessBlock(name, {
    bucket: bucket.id,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  new aws.s3.BucketPolicy(
    name,
    { bucket: bucket.id, policy: tlsOnly(bucketName, statements) },
    { dependsOn: [block] },
  );
  return { bucket, versioning };
}

/** What a bucket's policy must refuse, with what else is said there already. */
export function tlsOnly(bucket: string, others: object[] = []): string {
  const Resource = [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`];
  const Condition = { Bool: { "aws:SecureTransport": "false" } };
  const statement = { Sid: "OnlyByTls", Effect: "Deny", Principal: "*", Action: "s3:*", Resource, Condition };
  return JSON.stringify({ Version: "2012-10-17", Statement: [...others, statement] });
}
