import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const CREDENTIALS = z.object({ accessKeyId: z.string(), secretAccessKey: z.string() });

const ENVIRONMENT = z.object({
  /** The deployer's. */
  credentials: CREDENTIALS,
  /** The release reader's; a record from before there was one has none. */
  reader: CREDENTIALS.optional(),
  /** What the rehearsal changes in the promotion's settings. */
  promotion: z.record(z.string(), z.unknown()),
  /** What the rehearsal changes in the stack's configuration. */
  configuration: z.record(z.string(), z.unknown()),
});

const RECORD = z.object({
  endpoint: z.url({ protocol: /^https?$/ }),
  // Zero and less name whole groups of processes.
  emulatorPid: z.int().positive(),
  newsPid: z.int().positive(),
  newsUrl: z.string(),
  startedAt: z.string(),
  environments: z.record(z.string(), ENVIRONMENT),
});

/** The emulator's administrator. It exists nowhere else. */
export const ADMINISTRATOR = { accessKeyId: "test", secretAccessKey: "test" };

/** What a running rehearsal environment is: where it answers, who it runs as, what it changes. */
export type RehearsalRecord = z.infer<typeof RECORD>;
export type RehearsedEnvironment = z.infer<typeof ENVIRONMENT>;

const fileIn = (directory: string) => join(directory, "record.json");

/** The record of the rehearsal environment in a directory, if one is running there. */
export async function readRecord(directory: string): Promise<RehearsalRecord | undefined> {
  const record = await lastRecord(directory);
  return record && isAlive(record.emulatorPid) ? record : undefined;
}

/** The record of the last rehearsal environment in a directory, whether it runs or not. */
export async function lastRecord(directory: string): Promise<RehearsalRecord | undefined> {
  try {
    const record = RECORD.safeParse(JSON.parse(await readFile(fileIn(directory), "utf8")));
    return record.data;
  } catch {
    return undefined;
  }
}

/** Only its owner may read the record: it holds credentials, if only for an emulator. */
export async function writeRecord(directory: string, record: RehearsalRecord): Promise<void> {
  await mkdir(directory, { recursive: true });
  const file = fileIn(directory);
  await writeFile(`${file}.new`, JSON.stringify(record, null, 2), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

export const forgetRecord = (directory: string) => rm(fileIn(directory), { force: true });

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
