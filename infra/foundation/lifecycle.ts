import aws from "@pulumi/aws";
import { TEMPORARY } from "../../orchestrator/ports/artifacts.ts";

/**
 * What ends by itself in the bucket of the releases. Of what is there, only what carries the tag: an upload has it from
 * its first moment, and a promotion takes it away before it changes anything, so that nothing that runs, or ran, has it.
 * Of what was removed, or overwritten by hand, the older versions: until then an administrator can have them back.
 */
export function releaseLifecycle(
  bucket: aws.s3.Bucket,
  versioning: aws.s3.BucketVersioning,
  days: number,
): void {
  new aws.s3.BucketLifecycleConfiguration(
    "packages",
    {
      bucket: bucket.id,
      rules: [
        {
          id: "what-was-never-promoted",
          status: "Enabled",
          filter: { tag: { key: TEMPORARY.key, value: TEMPORARY.value } },
          expiration: { days },
        },
        {
          id: "what-was-removed",
          status: "Enabled",
          filter: { prefix: "" },
          noncurrentVersionExpiration: { noncurrentDays: days },
        },
      ],
    },
    { dependsOn: [versioning] },
  );
}
