import type { Artifacts } from "../../orchestrator/ports/artifacts.ts";
import { releaseProblem } from "../../orchestrator/release/problems.ts";

export type MemoryArtifacts = Artifacts & {
  /** Every object by its key. A test may lose one (`delete`) or spoil one (`set`), as nobody else can. */
  readonly objects: Map<string, Uint8Array>;
  readonly tags: Map<string, Record<string, string>>;
  /** When each object came. */
  readonly since: Map<string, Date>;
  /** The keys that would expire by themselves. */
  readonly temporary: Set<string>;
  readonly metadata: Map<string, Record<string, string>>;
};

/** A bucket in memory. Like S3 it never overwrites, and it tags only what is there. */
export function memoryArtifacts(place: string, now = () => new Date(0)): MemoryArtifacts {
  const objects = new Map<string, Uint8Array>();
  const tags = new Map<string, Record<string, string>>();
  const since = new Map<string, Date>();
  const temporary = new Set<string>();
  const metadata = new Map<string, Record<string, string>>();
  return {
    place,
    objects,
    tags,
    since,
    temporary,
    metadata,
    async get(key) {
      const bytes = objects.get(key);
      return bytes && new Uint8Array(bytes);
    },
    async put(key, bytes, about, lasting) {
      const present = objects.get(key);
      if (!present) {
        objects.set(key, new Uint8Array(bytes));
        since.set(key, now());
        if (lasting) temporary.add(key);
        if (about) metadata.set(key, about);
        return "written";
      }
      if (Buffer.compare(present, bytes) === 0) return "present";
      throw releaseProblem("key-taken", { key, place });
    },
    async tag(key, given) {
      if (!objects.has(key)) throw new Error(`there is no ${key} in ${place} to tag`);
      tags.set(key, given);
    },
    async keep(key) {
      if (!objects.has(key)) throw new Error(`there is no ${key} in ${place} to keep`);
      temporary.delete(key);
    },
    async list(prefix) {
      const keys = [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
      return keys.map((key) => ({ key, since: since.get(key) ?? now() }));
    },
    async remove(key) {
      for (const kept of [objects, tags, metadata, since]) kept.delete(key);
      temporary.delete(key);
    },
  };
}
