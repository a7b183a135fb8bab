import type { PullRequest } from "../ports/github.ts";
import type { Reverted, RevertOrder } from "./revert.ts";
import type { ToRevert } from "./to-revert.ts";

/** Below a pull request, so that the same is not said twice. */
export const markOf = (sha: string) => `<!-- promotion: revert of ${sha} -->`;

const failureOf = ({ step, logUrl, force }: RevertOrder): string => {
  const what = step ? `The step \`${step}\` failed` : "It failed";
  const where = logUrl ? `: ${logUrl}` : ".";
  return `${what} after it was merged${where}${force ? `\n\nWhy it is taken back: ${force}` : ""}`;
};

export const revertTitle = ({ pull }: ToRevert) => `Revert "${pull.title}"`;

/** What the commit and the pull request say that take the merge back. */
export const revertBody = ({ merge, pull }: ToRevert, order: RevertOrder): string =>
  [`This reverts commit ${merge.sha}, which came by #${pull.number}.`, failureOf(order)].join("\n\n");

/** What the pull request says that proposes the same once more. */
export const againBody = ({ pull }: ToRevert, order: RevertOrder, revert: PullRequest | null): string =>
  [
    `The same as #${pull.number}, which was merged and taken back${revert ? ` by #${revert.number}` : ""}.`,
    failureOf(order),
    "Find out why before this is merged. It goes the way of a person's change: somebody must approve it.",
  ].join("\n\n");

/** What is said below the pull request that failed. */
export function failureNotice(
  { merge, pull }: ToRevert,
  order: RevertOrder,
  { outcome, because, revert, again }: Pick<Reverted, "outcome" | "because" | "revert" | "again">,
): string {
  const done = {
    reverted: `It was taken back by #${revert?.number}.`,
    "undone-before": "Its changes were gone from the branch already.",
    prepared: `#${revert?.number} would take it back, and waits for a person: ${because}.`,
  };
  const next = again ? `#${again.number} proposes the same once more, as a draft. ` : "";
  return [
    markOf(merge.sha),
    `**#${pull.number} did not pass.** ${failureOf(order)}`,
    `${done[outcome]} ${next}`.trim(),
  ].join("\n\n");
}
