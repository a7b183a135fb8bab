import type aws from "@pulumi/aws";
import type { FoundationSettings } from "./settings.ts";
import { allow } from "./statement.ts";
import { user } from "./user.ts";

/**
 * The user with which another environment fetches releases and their attestations from this one's bucket. It reads that
 * bucket and nothing else. Without the right to list, S3 says of what is not there that it is denied.
 */
export function releaseReader({ environment, project, packagesBucket }: FoundationSettings): aws.iam.User {
  const bucket = `arn:aws:s3:::${packagesBucket}`;
  const name = `${environment}-release-reader-allowed`;
  return user("release-reader", `${project}-${environment}-release-reader`, {
    "release-reader-allowed": [
      name,
      [allow("Releases", "s3:GetObject", `${bucket}/*`), allow("WhatIsThere", "s3:ListBucket", bucket)],
    ],
  });
}
