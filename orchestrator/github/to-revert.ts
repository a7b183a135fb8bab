import type { Commit, GitHub, PullRequest } from "../ports/github.ts";
import { judgeMerge, pullMergedAs } from "./merge.ts";
import type { Policy } from "./policy.ts";
import { githubProblem } from "./problems.ts";

/** A merge that shall be taken back. `base` holds the files as they were before it. */
export type ToRevert = { merge: Commit; pull: PullRequest; branch: string; base: Commit };

/**
 * Finds the merge, and refuses one that did not come the automatic way: what a person merged, a person takes back.
 * @param forced whether it is taken back all the same
 */
export async function mergeToRevert(
  github: GitHub,
  policy: Policy,
  { sha, forced }: { sha: string; forced: boolean },
): Promise<ToRevert> {
  const refused = (because: string) => githubProblem("revert-refused", { sha, because });
  const repository = await github.repository();
  const branch = repository.defaultBranch;
  const tip = await github.headOf(branch);
  const merge = await github.commit(sha);
  if (!merge || !tip) throw refused("GitHub does not know it");
  if (tip !== sha && (await github.compare(sha, tip)).status !== "ahead")
    throw refused(`it is not on ${branch}`);
  const pull = await pullMergedAs(github, sha);
  if (!pull) throw refused("no pull request was merged as this commit");
  if (!forced) {
    const { objections } = await judgeMerge(github, repository, policy, merge);
    if (objections.length > 0)
      throw refused(
        `it did not come the automatic way: ${objections.map(({ because }) => because).join("; ")}`,
      );
  }
  return { merge, pull, branch, base: await before(github, merge, pull) };
}

/** The commit before all of a pull request. One that was rebased is several commits on the branch. */
async function before(github: GitHub, { parents }: Commit, pull: PullRequest): Promise<Commit> {
  let at = await known(parents[0]);
  if (parents.length > 1) return at;
  for (let left = pull.commits - 1; left > 0; left--) {
    if (!(await github.pullsWith(at.sha)).includes(pull.number)) return at;
    at = await known(at.parents[0]);
  }
  return at;

  async function known(sha: string | undefined): Promise<Commit> {
    const commit = sha === undefined ? undefined : await github.commit(sha);
    if (commit) return commit;
    throw githubProblem("revert-refused", {
      sha: pull.mergeCommit ?? "",
      because: "there is nothing before it",
    });
  }
}
