import type { Artifacts } from "../../orchestrator/ports/artifacts.ts";
import { problem } from "../../orchestrator/problems.ts";

export type MemoryArtifacts = Artifacts & {
  /** Every object by its key. A test may lose one (`delete`) or spoil one (`set`), as nobody else can. */
  readonly objects: Map<string, Uint8Array>;
  readonly tags: Map<string, Record<string, string>>;
  readonly metadata: Map<string, Record<string, string>>;
};

/** A bucket in memory. Like S3 it never overwrites, and it tags only what is there. */
export function memoryArtifacts(place: string): MemoryArtifacts {
  const objects = new Map<string, Uint8Array>();
  const tags = new Map<string, Record<string, string>>();
  const metadata = new Map<string, Record<string, string>>();
  return {
    place,
    objects,
    tags,
    metadata,
    async get(key) {
      const bytes = objects.get(key);
      return bytes && Uint8Array.from(bytes);
    },
    async put(key, bytes, about) {
      const present = objects.get(key);
      if (!present) {
        objects.set(key, Uint8Array.from(bytes));
        if (about) metadata.set(key, about);
        return "written";
      }
      if (Buffer.compare(present, bytes) === 0) return "present";
      throw problem("key-taken", { key, place });
    },
    async tag(key, given) {
      if (!objects.has(key)) throw new Error(`there is no ${key} in ${place} to tag`);
      tags.set(key, given);
    },
  };
}
