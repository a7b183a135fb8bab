import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { git } from "../../orchestrator/release/git.ts";

/** A change of one file, as a person would make it: the text there before, and the text there after. */
type Change = { file: string; before: string; after: string; message: string };

const ROUTES = "lambdas/dashboard/routes.ts";

const CHANGES: Record<string, Change> = {
  B: {
    file: ROUTES,
    before: "const DEFAULT_LIMIT = 20;",
    after: "const DEFAULT_LIMIT = 40;",
    message: "List twice as many items by default",
  },
  C: {
    file: ROUTES,
    before: 'status: "healthy"',
    after: 'status: "starting"',
    message: "Report the dashboard as starting",
  },
  D: {
    file: ROUTES,
    before: "  const found = await recent(limit, after);",
    after:
      '  if (limit > 20 && limit % 20 !== 0) throw new Error("the list does not end on a page");\n  const found = await recent(limit, after);',
    message: "List whole pages only",
  },
};

/**
 * Makes the story's releases out of real commits: A is what is checked out, B changes it, and C and D each change B.
 * They are made in a worktree of their own, which is gone afterwards; no branch ever names them.
 * @returns the SHA of each release
 */
export async function makeCommits(root: string, directory: string): Promise<Record<string, string>> {
  const worktree = join(directory, "worktree");
  const A = (await git(root, ["rev-parse", "HEAD"])).trim();
  await git(root, ["worktree", "add", "--detach", "--force", worktree, A]);
  try {
    const B = await commit(worktree, "B", A);
    const C = await commit(worktree, "C", B);
    const D = await commit(worktree, "D", B);
    return { A, B, C, D };
  } finally {
    await git(root, ["worktree", "remove", "--force", worktree]).catch(() =>
      rm(worktree, { recursive: true }),
    );
    await git(root, ["worktree", "prune"]);
  }
}

async function commit(worktree: string, name: string, parent: string): Promise<string> {
  const { file, before, after, message } = CHANGES[name] as Change;
  await git(worktree, ["checkout", "--quiet", "--detach", parent]);
  const text = await readFile(join(worktree, file), "utf8");
  if (!text.includes(before))
    throw new Error(`release ${name} of the rehearsal no longer fits: ${file} lacks "${before}"`);
  await writeFile(join(worktree, file), text.replace(before, after));
  const author = [
    "-c",
    "user.name=rehearsal",
    "-c",
    "user.email=rehearsal@localhost",
    "-c",
    "commit.gpgsign=false",
  ];
  await git(worktree, [...author, "commit", "--quiet", "--no-verify", "--all", "--message", message]);
  return (await git(worktree, ["rev-parse", "HEAD"])).trim();
}
