import { createHash } from "node:crypto";
import type { Artifacts } from "../../orchestrator/ports/artifacts.ts";
import {
  describePart,
  INFRA,
  infraKey,
  lambdaKey,
  type Manifest,
  manifestBytes,
  manifestKey,
} from "../../orchestrator/release/manifest.ts";

export type MadeRelease = {
  manifest: Manifest;
  manifestBytes: Uint8Array;
  parts: Record<string, Uint8Array>;
};

/** A SHA that is a commit's in form, and the same for the same name. */
export const shaNamed = (name: string) => createHash("sha1").update(name).digest("hex");

const made = new Map<string, MadeRelease>();

const FUNCTIONS = ["dashboard", "ingestion"];

/** A release of some functions and an infra program, whose bytes are its SHA's alone; the same for the same name. */
export function makeRelease(name: string, functions: readonly string[] = FUNCTIONS): MadeRelease {
  const release = made.get(name) ?? build(name, functions);
  made.set(name, release);
  return release;
}

function build(name: string, functions: readonly string[]): MadeRelease {
  const sha = shaNamed(name);
  const parts: Record<string, Uint8Array> = {
    ...Object.fromEntries(functions.map((each) => [each, Buffer.from(`${each} of ${sha}`)])),
    [INFRA]: Buffer.from(`export const program = "${sha}";`),
  };
  const keyOf = (part: string) => (part === INFRA ? infraKey(sha) : lambdaKey(part, sha));
  const manifest: Manifest = {
    schemaVersion: 1,
    sha,
    timestamp: "2029-12-31T12:00:00Z",
    author: "Committer",
    lockfile: createHash("sha256").update("lockfile").digest("hex"),
    tools: { node: "v24.0.0", esbuild: "0.28.0" },
    parts: Object.fromEntries(
      Object.entries(parts).map(([part, bytes]) => [part, describePart(keyOf(part), bytes)]),
    ),
  };
  return { manifest, manifestBytes: manifestBytes(manifest), parts };
}

/** Puts a release where releases are kept. */
export async function putRelease(place: Artifacts, release: MadeRelease): Promise<void> {
  const { manifest, parts } = release;
  for (const [name, { key }] of Object.entries(manifest.parts))
    await place.put(key, parts[name] ?? Buffer.of());
  await place.put(manifestKey(manifest.sha), release.manifestBytes);
}
