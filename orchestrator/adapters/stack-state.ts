import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import type { PendingOperation } from "../ports/engine.ts";
import { type AwsAccess, clientSettings } from "./aws-access.ts";
import { pendingIn } from "./engine-events.ts";
import type { Deployment } from "./pending-creates.ts";

type Named = { project: string; stack: string };

/**
 * Whether a state has a stack, asked without Pulumi: it writes a marker of its own into a new state, whatever it is asked.
 * @param state where Pulumi keeps it: `s3://<bucket>/<folder>` or `file://<directory>`
 */
async function hasStack(state: string, named: Named, access: AwsAccess): Promise<boolean> {
  const { directory, bucket, key, client } = placeOf(state, fileOf(named), access);
  if (directory) return existsSync(directory);
  const { KeyCount = 0 } = await client.send(
    new ListObjectsV2Command({ Bucket: bucket, Prefix: key, MaxKeys: 1 }),
  );
  return KeyCount > 0;
}

/** A stack's state as Pulumi keeps it; undefined when there is no such stack. */
export async function stateFile(state: string, named: Named, access: AwsAccess): Promise<string | undefined> {
  if (!(await hasStack(state, named, access))) return undefined;
  const { directory, bucket, key, client } = placeOf(state, fileOf(named), access);
  if (directory) return await readFile(directory, "utf8");
  const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return (await Body?.transformToString()) ?? "";
}

/** What an update left undecided in a stack's state; undefined when there is no such stack. Throws what cannot be read. */
export async function readStack(
  state: string,
  named: Named,
  access: AwsAccess,
): Promise<{ pending: PendingOperation[] } | undefined> {
  const text = await stateFile(state, named, access);
  if (text === undefined) return undefined;
  try {
    const { checkpoint } = JSON.parse(text) as { checkpoint: { latest?: Deployment } };
    return { pending: pendingIn(checkpoint.latest) };
  } catch {
    // A parser's message quotes what it could not parse, and a state may hold what nobody should read.
    throw new Error("the stack's state is no state of Pulumi's");
  }
}

const fileOf = ({ project, stack }: Named) => `.pulumi/stacks/${project}/${stack}.json`;

/** Where a file of the state is: a path on this machine, or a key in a bucket. */
function placeOf(state: string, file: string, access: AwsAccess) {
  const { protocol, host, pathname } = new URL(state);
  const folder = pathname.replace(/^\/|\/$/g, "");
  return {
    directory: protocol === "file:" ? join(pathname, file) : undefined,
    bucket: host,
    key: folder ? `${folder}/${file}` : file,
    client: new S3Client({ ...clientSettings(access), forcePathStyle: access.endpoint !== undefined }),
  };
}
