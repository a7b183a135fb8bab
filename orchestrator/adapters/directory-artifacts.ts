import { link, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import type { Artifacts } from "../ports/artifacts.ts";
import { problem } from "../problems.ts";

/** Releases in a directory, laid out as in a bucket: what `package` writes, or an artifact that CI handed over. */
export function directoryArtifacts(directory: string): Artifacts {
  const fileOf = (key: string) => {
    const file = resolve(directory, key);
    if (relative(directory, file).startsWith("..")) throw new Error(`the key ${key} leaves its directory`);
    return file;
  };

  async function get(key: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(fileOf(key));
    } catch (error) {
      if (isCode(error, "ENOENT", "ENOTDIR")) return undefined;
      throw error;
    }
  }

  return {
    place: directory,
    get,
    async put(key, bytes) {
      const file = fileOf(key);
      await mkdir(dirname(file), { recursive: true });
      const workshop = await mkdtemp(join(dirname(file), ".writing-"));
      try {
        // A link appears whole or not at all, and never over what is there.
        await writeFile(join(workshop, "bytes"), bytes);
        await link(join(workshop, "bytes"), file);
        return "written";
      } catch (error) {
        if (!isCode(error, "EEXIST")) throw error;
        const present = await get(key);
        if (present && Buffer.compare(present, bytes) === 0) return "present";
        throw problem("key-taken", { key, place: directory }, error);
      } finally {
        await rm(workshop, { recursive: true, force: true });
      }
    },
    async tag() {},
  };
}

const isCode = (error: unknown, ...codes: string[]) =>
  error instanceof Error && "code" in error && codes.includes(String(error.code));
