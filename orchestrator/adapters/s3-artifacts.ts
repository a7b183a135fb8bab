import { createHash } from "node:crypto";
import { GetObjectCommand, PutObjectCommand, PutObjectTaggingCommand, S3Client } from "@aws-sdk/client-s3";
import type { Artifacts } from "../ports/artifacts.ts";
import { problem } from "../problems.ts";
import { type AwsAccess, clientSettings } from "./aws-access.ts";

/** Releases in a bucket. S3 itself refuses to overwrite (`If-None-Match: *`) and to store what arrived damaged. */
export function s3Artifacts(bucket: string, access: AwsAccess): Artifacts {
  const s3 = new S3Client({ ...clientSettings(access), forcePathStyle: access.endpoint !== undefined });
  const place = `s3://${bucket}`;

  async function get(key: string): Promise<Uint8Array | undefined> {
    try {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return await Body?.transformToByteArray();
    } catch (error) {
      if (isNamed(error, "NoSuchKey", "NotFound")) return undefined;
      throw error;
    }
  }

  return {
    place,
    get,
    async put(key, bytes, metadata) {
      const digest = createHash("sha256").update(bytes).digest("base64");
      const input = { Bucket: bucket, Key: key, Body: bytes, IfNoneMatch: "*", ChecksumSHA256: digest };
      try {
        await s3.send(
          new PutObjectCommand({ ...input, ...(metadata ? { Metadata: inHeaders(metadata) } : {}) }),
        );
        return "written";
      } catch (error) {
        if (!isNamed(error, "PreconditionFailed", "ConditionalRequestConflict")) throw error;
        const present = await get(key);
        if (present && Buffer.compare(present, bytes) === 0) return "present";
        throw problem("key-taken", { key, place }, error);
      }
    },
    async tag(key, tags) {
      const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
      await s3.send(new PutObjectTaggingCommand({ Bucket: bucket, Key: key, Tagging: { TagSet } }));
    },
  };
}

/** Metadata travels in headers, which are ASCII: a name that is not is written as mail writes it (RFC 2047). */
function inHeaders(metadata: Record<string, string>): Record<string, string> {
  const written = ([name, value]: [string, string]) =>
    [name, /^[ -~]*$/.test(value) ? value : `=?UTF-8?B?${Buffer.from(value).toString("base64")}?=`] as const;
  return Object.fromEntries(Object.entries(metadata).map(written));
}

const isNamed = (error: unknown, ...names: string[]) => error instanceof Error && names.includes(error.name);
