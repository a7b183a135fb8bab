import type { Artifacts } from "../../orchestrator/ports/artifacts.ts";
import { problem } from "../../orchestrator/problems.ts";

export type MemoryArtifacts = Artifacts & {
  /** Every object by its key. A test may lose one (`delete`) or spoil one (`set`), as nobody else can. */
  readonly objects: Map<string, Uint8Array>;
  readonly tags: Map<string, Record<string, string>>;
};

/** A bucket in memory. Like S3 it never overwrites, and it tags only what is there. */
export function memoryArtifacts(place: string): MemoryArtifacts {
  const objects = new Map<string, Uint8Array>();
  const tags = new Map<string, Record<string, string>>();
  return {
    place,
    objects,
    tags,
    async get(key) {
      const bytes = objects.get(key);
      return bytes && new Uint8Array(bytes);
    },
    async put(key, bytes) {
      const present = objects.get(key);
      if (!present) {
        objects.set(key, new Uint8Array(bytes));
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
