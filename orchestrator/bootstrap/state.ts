import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { FoundationSettings } from "../../infra/foundation/settings.ts";
import { type AwsAccess, clientSettings } from "../adapters/aws-access.ts";

/** Where the foundation's state is kept once there is a bucket. */
export const stateOf = ({ foundationState }: FoundationSettings) => foundationState;

/** The state of a first run: a directory, because the bucket is what the run makes. */
export type FirstState = {
  url: string;
  exists(): Promise<boolean>;
  prepare(): Promise<void>;
  files(): Promise<string[]>;
  directory: string;
};

export function firstStateIn(root: string, environment: string): FirstState {
  const directory = join(root, environment, "state");
  return {
    url: `file://${directory}`,
    directory,
    exists: async () => existsSync(directory),
    prepare: async () => void (await mkdir(directory, { recursive: true })),
    async files() {
      const all = await readdir(directory, { recursive: true, withFileTypes: true });
      const paths = all.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
      // Locks are of the run that made them. The stack comes last: without it there is nothing in the bucket.
      const wanted = paths.filter((path) => !path.includes("/locks/"));
      return wanted.sort((a, b) => Number(isStack(a)) - Number(isStack(b)));
    },
  };
}

const isStack = (path: string) => /\/\.pulumi\/stacks\/.+\.json$/.test(path);

/** Carries a first state to where it belongs. Ended in between, it is carried once more: what lies here counts until it is gone. */
export async function moveState(
  settings: FoundationSettings,
  first: FirstState,
  administrator: AwsAccess,
): Promise<void> {
  const { host, pathname } = new URL(stateOf(settings));
  const client = new S3Client({
    ...clientSettings(administrator),
    forcePathStyle: administrator.endpoint !== undefined,
  });
  for (const file of await first.files()) {
    const Key = `${pathname.slice(1)}${file.slice(first.directory.length)}`;
    await client.send(new PutObjectCommand({ Bucket: host, Key, Body: await readFile(file) }));
  }
  await rm(first.directory, { recursive: true, force: true });
}
