import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { issuesOf } from "../issues.ts";
import { releaseProblem } from "./problems.ts";

const project = z.looseObject({ name: z.string() });
const stack = z.looseObject({
  secretsprovider: z.string().optional(),
  encryptionsalt: z.string().optional(),
  encryptedkey: z.string().optional(),
  config: z.record(z.string(), z.unknown()).default({}),
});

/** What Pulumi.yaml says. */
export type ProjectSettings = z.infer<typeof project>;
/** What Pulumi.<environment>.yaml says. */
export type StackSettings = z.infer<typeof stack>;

/**
 * The settings in a checkout: Pulumi.yaml and each Pulumi.<environment>.yaml beside it. Throws the problem
 * stack-settings-invalid, which names the file.
 */
export async function readStacks(
  checkout: string,
): Promise<{ project: ProjectSettings; stacks: Record<string, StackSettings> }> {
  const stacks: Record<string, StackSettings> = {};
  for (const file of (await readdir(checkout)).sort()) {
    const environment = /^Pulumi\.([^.]+)\.yaml$/.exec(file)?.[1];
    if (environment) stacks[environment] = await read(checkout, file, stack);
  }
  return { project: await read(checkout, "Pulumi.yaml", project), stacks };
}

async function read<T>(checkout: string, file: string, schema: z.ZodType<T>): Promise<T> {
  try {
    return schema.parse(parse(await readFile(join(checkout, file), "utf8")));
  } catch (error) {
    const reason = error instanceof z.ZodError ? issuesOf(error) : (error as Error).message;
    throw releaseProblem("stack-settings-invalid", { file, reason }, error);
  }
}
