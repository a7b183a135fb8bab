import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bundleFunction } from "../../orchestrator/release/bundle.ts";
import { type Pair, timePair } from "./pairs.ts";

/**
 * How long a fresh process takes until a function could take its first event, by what it takes for a handler that does
 * nothing. The bundles lie below `node_modules`: there they find the AWS SDK, which Lambda's runtime brings.
 */
export async function coldStarts(root: string, functions: string[], times = 8): Promise<Pair[]> {
  const directory = join(root, "node_modules", ".cache", `cold-starts-${process.pid}`);
  await mkdir(directory, { recursive: true });
  try {
    const file = async (name: string, code: string | Uint8Array) => {
      const path = join(directory, `${name}.cjs`);
      await writeFile(path, code);
      return { args: [path] };
    };
    const empty = await file("empty", "exports.handler = async () => ({});");
    const pairs: Pair[] = [];
    for (const name of functions) {
      const { code } = await bundleFunction(root, name, "0".repeat(40));
      const what = `cold start of ${name} / of an empty handler`;
      pairs.push(await timePair(what, times, await file(name, code), empty));
    }
    return pairs;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
