import { entrance, inEnvironment } from "./entrance.ts";
import { othersDenied } from "./others.ts";
import type { Known, Principal } from "./principal.ts";
import type { FoundationSettings } from "./settings.ts";
import { allow } from "./statement.ts";

/**
 * Who fetches releases and their attestations from this environment's bucket for another environment. It reads that
 * bucket and nothing else. Without the right to list, S3 says of what is not there that it is denied.
 */
export function releaseReader(settings: FoundationSettings, known: Known<unknown>): Principal {
  const bucket = `arn:aws:s3:::${settings.packagesBucket}`;
  return {
    ...entrance("release-reader", settings, known, (github) =>
      inEnvironment(github.readers.length > 0 ? { ...github, environments: github.readers } : github),
    ),
    allow: [allow("Releases", "s3:GetObject", `${bucket}/*`), allow("WhatIsThere", "s3:ListBucket", bucket)],
    deny: othersDenied(settings),
  };
}
