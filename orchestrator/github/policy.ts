import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { issuesOf } from "../issues.ts";
import { githubProblem } from "./problems.ts";

export const POLICY_FILE = ".github/lane.yaml";
export const UPDATES = ["patch", "minor", "major"] as const;

const NAME = z.string().regex(/^[\w.-]+$/, "it is no plain name");

const POLICY = z.strictObject({
  automatic: NAME,
  human: NAME,
  runs: NAME,
  mergedBy: z.array(z.strictObject({ id: z.int(), login: z.string() })).min(1),
  manifest: z.string().min(1),
  lock: z.string().min(1),
  updates: z.array(z.enum(UPDATES)).min(1),
  mergeReverts: z.boolean(),
});

/** Which merges need no person on their way to production. */
export type Policy = z.infer<typeof POLICY>;

/** Reads the policy that is committed. Throws github-file-invalid. */
export function readPolicy(root: string): Policy {
  const invalid = (said: string) => githubProblem("github-file-invalid", { file: POLICY_FILE, said });
  let document: unknown;
  try {
    document = parse(readFileSync(join(root, POLICY_FILE), "utf8"));
  } catch (error) {
    throw invalid(String(error));
  }
  const policy = POLICY.safeParse(document);
  if (!policy.success) throw invalid(issuesOf(policy.error));
  return policy.data;
}
