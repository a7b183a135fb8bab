import { createHash } from "node:crypto";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  paginateListObjectsV2,
  S3Client,
  type Tag,
} from "@aws-sdk/client-s3";
import { type Artifacts, type Stored, TEMPORARY } from "../ports/artifacts.ts";
import { releaseProblem } from "../release/problems.ts";
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

  async function tagsOf(Key: string): Promise<Tag[]> {
    return (await s3.send(new GetObjectTaggingCommand({ Bucket: bucket, Key }))).TagSet ?? [];
  }

  async function setTags(Key: string, TagSet: Tag[]): Promise<void> {
    await s3.send(new PutObjectTaggingCommand({ Bucket: bucket, Key, Tagging: { TagSet } }));
  }

  return {
    place,
    get,
    async put(key, bytes, metadata, lasting) {
      const digest = createHash("sha256").update(bytes).digest("base64");
      const input = { Bucket: bucket, Key: key, Body: bytes, IfNoneMatch: "*", ChecksumSHA256: digest };
      // With the object itself: there is no moment at which it is there without the tag.
      const tagging = lasting ? { Tagging: `${TEMPORARY.key}=${TEMPORARY.value}` } : {};
      try {
        const described = metadata ? { Metadata: inHeaders(metadata) } : {};
        await s3.send(new PutObjectCommand({ ...input, ...described, ...tagging }));
        return "written";
      } catch (error) {
        if (!isNamed(error, "PreconditionFailed", "ConditionalRequestConflict")) throw error;
        const present = await get(key);
        if (present && Buffer.compare(present, bytes) === 0) return "present";
        throw releaseProblem("key-taken", { key, place }, error);
      }
    },
    // A write of tags replaces all of them: whether it is temporary must outlast every other tag.
    async tag(key, tags) {
      const temporary = (await tagsOf(key)).filter(({ Key }) => Key === TEMPORARY.key);
      const given = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
      await setTags(key, [...given, ...temporary]);
    },
    async keep(key) {
      const all = await tagsOf(key);
      const others = all.filter(({ Key }) => Key !== TEMPORARY.key);
      if (others.length < all.length) await setTags(key, others);
    },
    async list(prefix) {
      const found: Stored[] = [];
      for await (const { Contents = [] } of paginateListObjectsV2(
        { client: s3 },
        { Bucket: bucket, Prefix: prefix },
      ))
        for (const { Key = "", LastModified = new Date(0) } of Contents)
          found.push({ key: Key, since: LastModified });
      return found;
    },
    async remove(key) {
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
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
