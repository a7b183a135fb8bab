import { z } from "zod";
import { readYaml } from "../yaml-file.ts";
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
  return readYaml({ root, file: POLICY_FILE, schema: POLICY }, (said) =>
    githubProblem("github-file-invalid", { file: POLICY_FILE, said }),
  );
}
