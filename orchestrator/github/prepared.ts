import type { GitHub, PullRequest } from "../ports/github.ts";
import { githubProblem } from "./problems.ts";

type Prepared = { name: string; tree: string; parent: string; message: string };

/**
 * Makes a branch of one commit, or finds the one that an earlier run has made.
 * @returns its commit. Throws revert-branch-taken when something else is there under that name
 */
export async function prepareBranch(
  github: GitHub,
  { name, tree, parent, message }: Prepared,
): Promise<string> {
  for (let made = false; ; made = true) {
    const there = await github.headOf(name);
    if (there !== undefined) {
      const commit = await github.commit(there);
      if (commit?.tree === tree && commit.parents.join() === parent) return there;
      throw githubProblem("revert-branch-taken", { branch: name });
    }
    if (made) throw githubProblem("revert-branch-taken", { branch: name });
    const sha = await github.createCommit({ message, tree, parents: [parent] });
    if (await github.createBranch(name, sha)) return sha;
  }
}

/** The newest pull request from a branch of ours to another, whatever became of it. */
export async function pullFrom(
  github: GitHub,
  branch: string,
  base: string,
): Promise<PullRequest | undefined> {
  const found = (await github.pullsFrom(branch)).filter((pull) => pull.base.branch === base);
  const chosen = found.find(({ merged }) => merged !== null) ?? found[0];
  return chosen && (await github.pull(chosen.number));
}
