import type { ChangedFile, Commit, GitHub, PullRequest } from "../ports/github.ts";
import { DEPENDABOT, isSame, nameOf, WEB_FLOW } from "./accounts.ts";
import { hasOtherAuthors, judgeCommits, judgeFiles, judgePull, judgePushes } from "./dependabot-pull.ts";
import { judgeUpdate, type Update } from "./dependency-update.ts";
import { type Objection, objection, unless } from "./objection.ts";
import type { Policy } from "./policy.ts";

/** A commit of the default branch, and what was found about it. */
export type Judged = { sha: string; pull: number | null; updates: Update[]; objections: Objection[] };

type Repository = { id: number; defaultBranch: string };

/** The pull request that gave the default branch this very commit; undefined when none did. */
export async function pullMergedAs(github: GitHub, sha: string): Promise<PullRequest | undefined> {
  for (const number of await github.pullsWith(sha)) {
    const pull = await github.pull(number);
    if (pull?.mergeCommit === sha) return pull;
  }
  return undefined;
}

/** Judges whether one commit of the default branch is the merge of an update by Dependabot, and nothing beside it. */
export async function judgeMerge(
  github: GitHub,
  repository: Repository,
  policy: Policy,
  merge: Commit,
): Promise<Judged> {
  const { sha } = merge;
  const pull = await pullMergedAs(github, sha);
  const refused = (why: Objection) => ({ sha, pull: null, updates: [], objections: [why] });
  if (!pull) return refused(objection("no-pull", "no pull request was merged as this commit"));
  const [commits, files] = [await github.commitsOf(pull.number), await github.filesOf(pull.number)];
  const { updates, objections } = await judgeContent(github, policy, merge);
  return {
    sha,
    pull: pull.number,
    updates,
    objections: [
      ...judgePull(pull, repository, policy),
      ...judgeCommits(pull, commits),
      ...(await judgePushes(github, pull)),
      ...judgeFiles(pull, files, policy),
      ...judgeMergeCommit(merge, pull),
      ...(await judgeArrival(github, repository, merge)),
      ...(await judgeDifference(github, merge, files)),
      ...objections,
    ],
  };
}

/** GitHub signs what its button makes, and what it makes has the head of the pull request as its second parent, or none. */
function judgeMergeCommit(
  { parents, committer, author, signature, message }: Commit,
  pull: PullRequest,
): Objection[] {
  const squashed = parents.length === 1;
  const joined = parents.length === 2 && parents[1] === pull.head.sha;
  const by = pull.merged?.by ?? null;
  const made = isSame(author, DEPENDABOT) || (author !== null && by !== null && isSame(author, by));
  return [
    ...unless(squashed || joined, "merge-parents", "the merge joins something else than the pull request"),
    ...unless(isSame(committer, WEB_FLOW), "merge-committer", `the merge was made by ${nameOf(committer)}`),
    ...unless(made, "merge-author", `the merge is by ${nameOf(author)}`),
    ...unless(
      signature.verified && signature.reason === "valid",
      "merge-signature",
      "the merge is not signed",
    ),
    ...unless(!hasOtherAuthors(message), "co-authored", "the merge names another author"),
  ];
}

/** The branch must have gone from the parent to the merge in one step, by the button, and never back since. */
async function judgeArrival(
  github: GitHub,
  { defaultBranch }: Repository,
  merge: Commit,
): Promise<Objection[]> {
  const pushes = await github.pushesTo(defaultBranch);
  const index = pushes.findIndex(({ after }) => after === merge.sha);
  const { kind, before } = pushes[index] ?? {};
  const merged = kind === "pr_merge" || kind === "merge_queue_merge";
  const since = index === -1 ? pushes : pushes.slice(0, index);
  return [
    ...unless(
      merged && before === merge.parents[0],
      "arrival",
      "it did not come to the branch by the merge alone",
    ),
    ...unless(!since.some((push) => push.kind === "force_push"), "forced", "the branch was forced since"),
  ];
}

/** What the branch got must be what the pull request shows, file by file and byte by byte. */
async function judgeDifference(
  github: GitHub,
  { sha, parents }: Commit,
  files: ChangedFile[],
): Promise<Objection[]> {
  const { files: got } = await github.compare(parents[0] ?? "", sha);
  const listed = (all: ChangedFile[]) =>
    all
      .map(({ path, blob }) => `${path} ${blob}`)
      .sort()
      .join("\n");
  return unless(
    listed(got) === listed(files),
    "merged-otherwise",
    "the merge changed other things than the pull request",
  );
}

async function judgeContent(github: GitHub, policy: Policy, { sha, parents }: Commit) {
  const [before, after] = [await textsAt(parents[0] ?? ""), await textsAt(sha)];
  if (!before || !after)
    return {
      updates: [],
      objections: [objection("unreadable", `${policy.manifest} or ${policy.lock} is not there`)],
    };
  return judgeUpdate(before, after, policy.updates);

  async function textsAt(commit: string) {
    const manifest = await github.fileAt(policy.manifest, commit);
    const lock = await github.fileAt(policy.lock, commit);
    return manifest === undefined || lock === undefined ? undefined : { manifest, lock };
  }
}
