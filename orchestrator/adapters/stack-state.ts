import { existsSync } from "node:fs";
import { join } from "node:path";
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { type AwsAccess, clientSettings } from "./aws-access.ts";

/**
 * Whether a state has a stack, asked without Pulumi: it writes a marker of its own into a new state, whatever it is asked.
 * @param state where Pulumi keeps it: `s3://<bucket>/<folder>` or `file://<directory>`
 */
export async function hasStack(
  state: string,
  { project, stack }: { project: string; stack: string },
  access: AwsAccess,
): Promise<boolean> {
  const { protocol, host, pathname } = new URL(state);
  const file = `.pulumi/stacks/${project}/${stack}.json`;
  if (protocol === "file:") return existsSync(join(pathname, file));
  const folder = pathname.replace(/^\/|\/$/g, "");
  const client = new S3Client({ ...clientSettings(access), forcePathStyle: access.endpoint !== undefined });
  const { KeyCount = 0 } = await client.send(
    new ListObjectsV2Command({ Bucket: host, Prefix: folder ? `${folder}/${file}` : file, MaxKeys: 1 }),
  );
  return KeyCount > 0;
}
