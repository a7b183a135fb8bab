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
  const forget = () => rm(directory, { recursive: true, force: true });
  return {
    url: `file://${directory}`,
    directory,
    async exists() {
      if (!existsSync(directory)) return false;
      for (const file of (await filesIn(directory)).filter(isStack))
        if (!(await isWhole(file))) await forget();
      return existsSync(directory);
    },
    prepare: async () => void (await mkdir(directory, { recursive: true })),
    async files() {
      const paths = await filesIn(directory);
      // Locks are of the run that made them. The stack comes last: without it there is nothing in the bucket.
      const wanted = paths.filter((path) => !path.includes("/locks/"));
      return wanted.sort((a, b) => Number(isStack(a)) - Number(isStack(b)));
    },
  };
}

async function filesIn(directory: string): Promise<string[]> {
  const all = await readdir(directory, { recursive: true, withFileTypes: true });
  return all.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
}

/** A run that was killed while it wrote leaves half a file, or an empty one: no state at all, and what it made is found again. */
async function isWhole(file: string): Promise<boolean> {
  try {
    JSON.parse(await readFile(file, "utf8"));
    return true;
  } catch {
    return false;
  }
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
