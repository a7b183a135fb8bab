import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { codeSha256, functionParts, type Manifest } from "../release/manifest.ts";

const MODULE = z.object({
  program: z.custom<(inputs: unknown) => () => Promise<Record<string, unknown>>>(
    (value) => typeof value === "function",
  ),
  project: z.looseObject({ name: z.string() }),
  stacks: z.record(
    z.string(),
    z.looseObject({
      secretsprovider: z.string().optional(),
      encryptedkey: z.string().optional(),
      config: z.record(z.string(), z.unknown()).default({}),
    }),
  ),
});

/** A release's infra program, with the configuration it was released with. */
export type ReleaseModule = Omit<z.infer<typeof MODULE>, "program"> & {
  run(manifest: Manifest): () => Promise<Record<string, unknown>>;
};

/** One process may import the same program twice at once, for two environments. */
let drafts = 0;

/**
 * Imports the infra program of a release. It is kept below `node_modules`, because Node resolves what it imports
 * (`@pulumi/*`, which must be the orchestrator's own instance) from the place of the file; its name is its digest.
 */
export async function importProgram(root: string, program: Uint8Array): Promise<ReleaseModule> {
  const directory = join(root, "node_modules", ".cache", "release-programs");
  const file = join(directory, `${createHash("sha256").update(program).digest("hex")}.mjs`);
  await mkdir(directory, { recursive: true });
  const draft = `${file}.${process.pid}.${++drafts}`;
  await writeFile(draft, program);
  await rename(draft, file);
  const module = MODULE.parse(await import(pathToFileURL(file).href));
  return {
    ...module,
    run(manifest) {
      const packages = Object.entries(functionParts(manifest)).map(
        ([name, part]) => [name, { key: part.key, codeSha256: codeSha256(part) }] as const,
      );
      return module.program({ sha: manifest.sha, packages: Object.fromEntries(packages) });
    },
  };
}

/** The installed version of each package that an infra program may import; none for one that is not there. */
export async function installedVersions(root: string, packages: string[]): Promise<Record<string, string>> {
  const found = packages.map(async (name) => {
    const file = join(root, "node_modules", name, "package.json");
    const text = await readFile(file, "utf8").catch(() => undefined);
    return text === undefined ? [] : [[name, String(JSON.parse(text).version)] as const];
  });
  return Object.fromEntries((await Promise.all(found)).flat());
}
