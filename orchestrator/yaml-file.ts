import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { z } from "zod";
import { issuesOf } from "./issues.ts";

/**
 * Reads a committed YAML file, and checks it.
 * @param invalid makes the problem that is thrown, of what is wrong with the file
 */
export function readYaml<Schema extends z.ZodType>(
  { root, file, schema }: { root: string; file: string; schema: Schema },
  invalid: (said: string) => Error,
): z.infer<Schema> {
  let document: unknown;
  try {
    document = parse(readFileSync(join(root, file), "utf8"));
  } catch (error) {
    throw invalid(String(error));
  }
  const checked = schema.safeParse(document);
  if (!checked.success) throw invalid(issuesOf(checked.error));
  return checked.data;
}
