import { mkdtempSync, rmSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { directoryArtifacts } from "../../../orchestrator/adapters/directory-artifacts.ts";
import { readOnly } from "../../../orchestrator/adapters/read-only-artifacts.ts";
import { type Tamperable, tamperingContract } from "../../contracts/tampering.ts";
import { memoryArtifacts } from "../../fakes/artifacts.ts";

function inMemory(place: string): Tamperable {
  const artifacts = memoryArtifacts(place);
  return Object.assign(artifacts, {
    overwrite: async (key: string, bytes: Uint8Array) => void artifacts.objects.set(key, bytes),
    remove: async (key: string) => void artifacts.objects.delete(key),
  });
}

/** Read as with a reader's credentials once the release is there; who tampers has others. */
function readOnlyBucket(): Tamperable {
  const bucket = inMemory("the source's bucket");
  return { ...bucket, readOnly: true, get: readOnly(bucket).get };
}

function inDirectory(directory: string): Tamperable {
  const overwrite = async (key: string, bytes: Uint8Array) => {
    await mkdir(dirname(join(directory, key)), { recursive: true });
    await writeFile(join(directory, key), bytes);
  };
  return { ...directoryArtifacts(directory), overwrite, remove: (key) => rm(join(directory, key)) };
}

describe("a release from a bucket that somebody may have tampered with", () => {
  tamperingContract(async () => ({ source: readOnlyBucket(), store: inMemory("the store") }));
});

describe("a release from a directory that somebody may have tampered with", () => {
  const made: string[] = [];
  after(() => {
    for (const directory of made) rmSync(directory, { recursive: true });
  });

  tamperingContract(async () => {
    const directory = mkdtempSync(join(tmpdir(), "tampered-"));
    made.push(directory);
    return { source: inDirectory(directory), store: inMemory("the store") };
  });
});
