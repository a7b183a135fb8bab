import { z } from "zod";
import { readYaml } from "../yaml-file.ts";
import { githubProblem } from "./problems.ts";

export const REPOSITORY_FILE = ".github/repository.yaml";

const NAMES = z
  .array(z.string().regex(/^[A-Z_][A-Z0-9_]*$/, "it is no name of a secret or a variable"))
  .default([]);

const REPOSITORY = z.strictObject({
  merging: z.strictObject({
    mergeCommit: z.boolean(),
    squash: z.boolean(),
    rebase: z.boolean(),
    autoMerge: z.boolean(),
    deleteBranch: z.boolean(),
  }),
  vulnerabilityAlerts: z.boolean(),
  workflows: z.strictObject({ permissions: z.enum(["read", "write"]), mayApprove: z.boolean() }),
  rules: z.strictObject({
    name: z.string().min(1),
    checks: z.array(z.string().min(1)),
    upToDate: z.boolean(),
    approvals: z.int().min(0).max(6),
    bypass: z.array(z.string().regex(/^[A-Za-z]+ \d+$/, 'it is not such as "Integration 12345"')),
  }),
  environments: z.record(
    z.string().regex(/^[\w.-]+$/),
    z.strictObject({
      branches: z.array(z.string().min(1)).nullable(),
      reviewers: z.array(z.string().regex(/^[\w-]+$/, "it is no login")).max(6, "GitHub takes 6 at most"),
      secrets: NAMES,
      variables: NAMES,
    }),
  ),
});

/** What the repository on GitHub must be like. */
export type WantedRepository = z.infer<typeof REPOSITORY>;

/** Reads what is committed of it. Throws github-file-invalid. */
export function readRepositoryFile(root: string): WantedRepository {
  return readYaml({ root, file: REPOSITORY_FILE, schema: REPOSITORY }, (said) =>
    githubProblem("github-file-invalid", { file: REPOSITORY_FILE, said }),
  );
}
