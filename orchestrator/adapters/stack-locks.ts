import { globSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { DeleteObjectCommand, GetObjectCommand, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import { z } from "zod";
import { type AwsAccess, clientSettings } from "./aws-access.ts";

/** Who has Pulumi's own lock of a stack, as the lock says: in words, and where it is kept. */
export type StackLock = { place: string; held: string };

/** Pulumi's own locks of one stack, looked at and taken away without Pulumi, which takes away all without saying whose. */
export type StackLocks = { list(): Promise<StackLock[]>; remove(lock: StackLock): Promise<void> };

const LOCK = z.object({
  pid: z.number(),
  username: z.string(),
  hostname: z.string(),
  timestamp: z.string(),
});

const LOCKS = ".pulumi/locks/";

/**
 * The locks of a stack, whatever its project is called: a state has the stacks of one environment.
 * @param state where Pulumi keeps it: `s3://<bucket>/<folder>` or `file://<directory>`
 */
export function stackLocks(state: string, stack: string, access: AwsAccess): StackLocks {
  const { protocol, host, pathname } = new URL(state);
  return protocol === "file:" ? inDirectory(pathname, stack) : inBucket(host, pathname, stack, access);
}

function inDirectory(directory: string, stack: string): StackLocks {
  return {
    async list() {
      const places = globSync(`${LOCKS}**/${stack}/*.json`, { cwd: directory }).sort();
      const read = async (place: string) => lockOf(place, await readFile(join(directory, place), "utf8"));
      return await Promise.all(places.map(read));
    },
    remove: ({ place }) => rm(join(directory, place), { force: true }),
  };
}

function inBucket(Bucket: string, pathname: string, stack: string, access: AwsAccess): StackLocks {
  const client = new S3Client({ ...clientSettings(access), forcePathStyle: access.endpoint !== undefined });
  const folder = pathname.replace(/^\/|\/$/g, "");
  const Prefix = folder ? `${folder}/${LOCKS}` : LOCKS;
  return {
    async list() {
      const places: string[] = [];
      for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix }))
        for (const { Key = "" } of Contents) if (Key.split("/").at(-2) === stack) places.push(Key);
      const read = async (Key: string) => {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
        return lockOf(Key, (await Body?.transformToString()) ?? "");
      };
      return await Promise.all(places.map(read));
    },
    async remove({ place }) {
      await client.send(new DeleteObjectCommand({ Bucket, Key: place }));
    },
  };
}

/** A lock that cannot be read is one all the same. */
function lockOf(place: string, text: string): StackLock {
  try {
    const { pid, username, hostname, timestamp } = LOCK.parse(JSON.parse(text));
    return { place, held: `${username} on ${hostname} (process ${pid}) since ${timestamp}` };
  } catch {
    return { place, held: "somebody who is not known" };
  }
}
