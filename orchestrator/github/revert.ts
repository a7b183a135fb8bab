import type { Clock } from "../ports/clock.ts";
import type { GitHub, PullRequest } from "../ports/github.ts";
import type { Policy } from "./policy.ts";
import { prepareBranch, pullFrom } from "./prepared.ts";
import { againBody, failureNotice, markOf, revertBody, revertTitle } from "./revert-texts.ts";
import { mergeToRevert, type ToRevert } from "./to-revert.ts";

export type RevertOrder = {
  sha: string;
  /** What failed, and where to read how. */
  step: string | null;
  logUrl: string | null;
  /** Why a merge is reverted that did not come the automatic way; null where that is refused. */
  force: string | null;
};

type Shown = { number: number; url: string };
/** `prepared`: the branch and the pull request are there, and a person must go on. */
export type Reverted = {
  sha: string;
  pull: number;
  outcome: "reverted" | "undone-before" | "prepared";
  because: string | null;
  /** The pull request that takes it back; null where there was nothing left to take back. */
  revert: Shown | null;
  /** The pull request that proposes the same again, for people to look into. */
  again: Shown | null;
};

/** GitHub works out in the background whether a pull request can be merged. */
const LOOKS = 15;
const BETWEEN_LOOKS_MS = 2_000;

/**
 * Takes one merge back out of the default branch, through a pull request, and proposes the same again for people. The
 * revert stands on the merge itself and holds the files as they were before it, so that GitHub's own three-way merge takes
 * back just that, whatever came since. Each part is found again by its name: it may be run twice, or after a crash.
 * Throws revert-refused, revert-branch-taken, and what GitHub refuses.
 */
export async function revertMerge(
  ports: { github: GitHub; clock: Clock },
  policy: Policy,
  order: RevertOrder,
): Promise<Reverted> {
  const { github } = ports;
  const what = await mergeToRevert(github, policy, { sha: order.sha, forced: order.force !== null });
  const names = namesFor(what);
  const begun = await pullFrom(github, names.revert, what.branch);
  const gone = !begun && (await isGone(github, what));
  const end = gone
    ? { outcome: "undone-before" as const, because: null, revert: null }
    : await takeBack(ports, what, { begun, order, mergeIt: policy.mergeReverts });
  const again = end.outcome === "reverted" ? await proposeAgain(github, what, order, end.revert) : null;
  const found = { ...end, revert: shown(end.revert), again: shown(again) };
  await tell(github, what, failureNotice(what, order, found));
  return { sha: what.merge.sha, pull: what.pull.number, ...found };
}

const shown = (pull: PullRequest | null): Shown | null => pull && { number: pull.number, url: pull.url };

/** Ours by their names: whoever comes after a crash finds them. */
function namesFor({ merge, pull }: ToRevert) {
  const name = `${pull.number}-${merge.sha.slice(0, 12)}`;
  return { revert: `revert/${name}`, again: `again/${name}` };
}

/** Whether nothing that the merge changed is still so on the branch. */
async function isGone(github: GitHub, { base, merge, branch }: ToRevert): Promise<boolean> {
  const { files } = await github.compare(base.sha, merge.sha);
  for (const path of new Set(files.flatMap((file) => [file.path, file.previousPath ?? file.path])))
    if ((await github.fileAt(path, base.sha)) !== (await github.fileAt(path, branch))) return false;
  return files.length > 0;
}

type End = { outcome: "reverted" | "prepared"; because: string | null; revert: PullRequest };

async function takeBack(
  { github, clock }: { github: GitHub; clock: Clock },
  what: ToRevert,
  { begun, order, mergeIt }: { begun: PullRequest | undefined; order: RevertOrder; mergeIt: boolean },
): Promise<End> {
  if (begun?.merged) return { outcome: "reverted", because: null, revert: begun };
  const [title, body] = [revertTitle(what), revertBody(what, order)];
  const prepared = (revert: PullRequest, because: string): End => ({ outcome: "prepared", because, revert });
  if (begun?.state === "closed") return prepared(begun, "somebody closed it without merging it");
  if (begun && !(await isOurs(github, what, begun.head.sha)))
    return prepared(begun, "somebody has pushed to its branch");
  const name = namesFor(what).revert;
  const head = await prepareBranch(github, {
    name,
    tree: what.base.tree,
    parent: what.merge.sha,
    message: `${title}\n\n${body}`,
  });
  const opened =
    begun ?? (await github.openPull({ title, body, head: name, base: what.branch, draft: false }));
  if (!mergeIt) return prepared(opened, "the policy leaves reverts to people");
  const known = await settled(github, clock, opened);
  if (known.mergeable === false) return prepared(known, "what was merged since is in conflict with it");
  const merged = await github.mergePull(known.number, { head, method: "merge", title, message: body });
  const after = (await github.pull(known.number)) ?? known;
  // Also when the answer to a merge that was done got lost, and it was asked for again.
  if (after.merged) return { outcome: "reverted", because: null, revert: after };
  return prepared(after, merged.merged ? "GitHub does not show it as merged" : merged.because);
}

/** Whether a commit is the one that takes back the merge, and nothing beside it. */
async function isOurs(github: GitHub, { base, merge }: ToRevert, sha: string): Promise<boolean> {
  const commit = await github.commit(sha);
  return commit?.tree === base.tree && commit.parents.join() === merge.sha;
}

async function settled(github: GitHub, clock: Clock, pull: PullRequest): Promise<PullRequest> {
  let known = pull;
  for (let look = 0; look < LOOKS && known.mergeable === null; look++) {
    if (look > 0) await clock.sleep(BETWEEN_LOOKS_MS);
    known = (await github.pull(pull.number)) ?? known;
  }
  return known;
}

/**
 * GitHub never reopens what was merged, and what was merged once counts as merged for ever: the same is proposed by a new
 * commit upon the revert. Ours is its author, so it goes the way of a person's change.
 */
async function proposeAgain(
  github: GitHub,
  what: ToRevert,
  order: RevertOrder,
  revert: PullRequest | null,
): Promise<PullRequest | null> {
  if (!revert) return null;
  const name = namesFor(what).again;
  const there = await pullFrom(github, name, what.branch);
  if (there) return there;
  const parent = await revertIn(github, what, revert);
  if (!parent) return null;
  const { title } = what.pull;
  const body = againBody(what, order, revert);
  const made = { name, tree: what.merge.tree, parent, message: title };
  await prepareBranch(github, made);
  return await github.openPull({ title, body, head: name, base: what.branch, draft: true });
}

/**
 * Our commit in a merged revert, as long as the branch has it itself: upon anything else, a tree of ours would take other
 * people's changes back.
 */
async function revertIn(github: GitHub, what: ToRevert, revert: PullRequest): Promise<string | undefined> {
  const [first] = await github.commitsOf(revert.number);
  if (!first || !(await isOurs(github, what, first.sha))) return undefined;
  const { status } = await github.compare(first.sha, what.branch);
  return status === "ahead" || status === "identical" ? first.sha : undefined;
}

/** Says it below the pull request that failed, once: what has changed since is said in the same place. */
async function tell(github: GitHub, { merge, pull }: ToRevert, text: string): Promise<void> {
  const said = (await github.comments(pull.number)).find(({ body }) => body.startsWith(markOf(merge.sha)));
  if (!said) await github.comment(pull.number, text);
  else if (said.body !== text) await github.editComment(said.id, text);
}
