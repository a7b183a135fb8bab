import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * Writes a release to `<out>/<sha>/`, a file for each key, and returns that directory. It is complete or not there:
 * it is written beside its place and moved into it, over whatever was there before.
 */
export async function place(files: Record<string, Uint8Array>, out: string, sha: string): Promise<string> {
  await mkdir(out, { recursive: true });
  const directory = join(out, sha);
  const temporary = await mkdtemp(join(out, ".building-"));
  try {
    const complete = join(temporary, sha);
    for (const [key, bytes] of Object.entries(files)) {
      await mkdir(dirname(join(complete, key)), { recursive: true });
      await writeFile(join(complete, key), bytes);
    }
    await replace(directory, complete, temporary);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return directory;
}

// A directory that is not empty cannot be renamed over, and between its going and our coming another run can put one.
async function replace(directory: string, complete: string, temporary: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await rename(complete, directory);
    } catch (error) {
      const taken = ["ENOTEMPTY", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "");
      if (!taken || attempt === 10) throw error;
      await rename(directory, join(temporary, `previous-${attempt}`)).catch(() => {});
    }
  }
}
