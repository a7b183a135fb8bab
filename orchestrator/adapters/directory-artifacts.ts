import { link, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import type { Artifacts, Stored } from "../ports/artifacts.ts";
import { releaseProblem } from "../release/problems.ts";

const WRITING = ".writing-";

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
      const workshop = await mkdtemp(join(dirname(file), WRITING));
      try {
        // A link appears whole or not at all, and never over what is there.
        await writeFile(join(workshop, "bytes"), bytes);
        await link(join(workshop, "bytes"), file);
        return "written";
      } catch (error) {
        if (!isCode(error, "EEXIST")) throw error;
        const present = await get(key);
        if (present && Buffer.compare(present, bytes) === 0) return "present";
        throw releaseProblem("key-taken", { key, place: directory }, error);
      } finally {
        await rm(workshop, { recursive: true, force: true });
      }
    },
    async tag() {},
    // Nothing expires in a directory; what is not there cannot be kept there either.
    async keep(key) {
      await stat(fileOf(key));
    },
    async list(prefix) {
      const found: Stored[] = [];
      for (const name of await namesIn(directory)) {
        const key = name.split(sep).join("/");
        if (!key.startsWith(prefix) || key.includes(WRITING)) continue;
        const file = await stat(join(directory, name)).catch(() => undefined);
        if (file?.isFile()) found.push({ key, since: file.mtime });
      }
      return found.sort((one, other) => (one.key < other.key ? -1 : 1));
    },
    async remove(key) {
      await rm(fileOf(key), { force: true });
    },
  };
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory, { recursive: true });
  } catch (error) {
    if (isCode(error, "ENOENT")) return [];
    throw error;
  }
}

const isCode = (error: unknown, ...codes: string[]) =>
  error instanceof Error && "code" in error && codes.includes(String(error.code));
