import type { ChangedFile, Commit, GitHub, PullRequest } from "../ports/github.ts";
import { DEPENDABOT, isSame, nameOf, WEB_FLOW } from "./accounts.ts";
import { type Objection, unless } from "./objection.ts";
import type { Policy } from "./policy.ts";

type Repository = { id: number; defaultBranch: string };

/** What speaks against a merged pull request being Dependabot's own, from its branch to the press of its button. */
export function judgePull(pull: PullRequest, repository: Repository, policy: Policy): Objection[] {
  const { author, base, head, merged } = pull;
  const by = merged?.by ?? null;
  const allowed = policy.mergedBy.some(({ id, login }) => by?.id === id && by.login === login);
  return [
    ...unless(isSame(author, DEPENDABOT), "author", `its author is ${nameOf(author)}, not Dependabot`),
    ...unless(base.repository === repository.id, "base", "it was made for another repository"),
    ...unless(base.branch === repository.defaultBranch, "base", `it was made for the branch ${base.branch}`),
    ...unless(
      head.repository === repository.id,
      "fork",
      "it comes from another repository, or from one that is gone",
    ),
    ...unless(
      /^dependabot\//.test(head.branch),
      "branch",
      `its branch is ${head.branch}, none of Dependabot's`,
    ),
    ...unless(merged !== null, "not-merged", "it was not merged"),
    ...unless(allowed, "merged-by", `it was merged by ${nameOf(by)}, who is not among those who may`),
  ];
}

/** What speaks against its commits: all of them must be Dependabot's, and signed. */
export function judgeCommits(pull: PullRequest, commits: Commit[]): Objection[] {
  const whole =
    commits.length > 0 && commits.length === pull.commits && commits.at(-1)?.sha === pull.head.sha;
  return [
    ...unless(
      whole,
      "commits-hidden",
      `it has ${pull.commits} commits, of which GitHub shows ${commits.length}`,
    ),
    ...commits.flatMap(judgeCommit),
  ];
}

function judgeCommit({ sha, author, committer, signature, parents, message }: Commit): Objection[] {
  const which = `its commit ${sha.slice(0, 7)}`;
  const committed = isSame(committer, DEPENDABOT) || isSame(committer, WEB_FLOW);
  const { verified, reason } = signature;
  return [
    ...unless(isSame(author, DEPENDABOT), "commit-author", `${which} is by ${nameOf(author)}`),
    ...unless(committed, "commit-committer", `${which} was committed by ${nameOf(committer)}`),
    ...unless(verified && reason === "valid", "commit-signature", `${which} is not signed: ${reason}`),
    ...unless(parents.length === 1, "commit-merge", `${which} brings in another branch`),
    ...unless(!hasOtherAuthors(message), "co-authored", `${which} names another author`),
  ];
}

const CO_AUTHOR = /^[ \t]*co-authored-by:(.*)$/gim;
const OWN = `${DEPENDABOT.id}+${DEPENDABOT.login}@users.noreply.github.com`;

/** Whether a message names an author beside Dependabot, as GitHub's page does when somebody accepts a suggestion. */
export const hasOtherAuthors = (message: string): boolean =>
  [...message.matchAll(CO_AUTHOR)].some(([, who = ""]) => !who.includes(`<${OWN}>`));

/** What may end a branch: it is deleted once it was merged. */
const HARMLESS = ["branch_deletion"];

/** What speaks against its branch: nobody else may ever have pushed to it, whatever the commits say. */
export async function judgePushes(github: GitHub, { head }: PullRequest): Promise<Objection[]> {
  const pushes = (await github.pushesTo(head.branch)).filter(({ kind }) => !HARMLESS.includes(kind));
  const others = pushes.filter(({ actor }) => !isSame(actor, DEPENDABOT));
  return [
    ...unless(
      pushes[0]?.after === head.sha,
      "pushes-unknown",
      "GitHub does not say who pushed its last commit",
    ),
    ...others.map(({ actor, kind, after }) => ({
      code: "pushed",
      because: `${nameOf(actor)} pushed ${after.slice(0, 7)} to its branch (${kind})`,
    })),
  ];
}

/** What speaks against the files that it changes. */
export function judgeFiles(pull: PullRequest, files: ChangedFile[], { manifest, lock }: Policy): Objection[] {
  const odd = files.filter(({ path, status }) => ![manifest, lock].includes(path) || status !== "modified");
  const whole = files.length > 0 && files.length === pull.changedFiles;
  return [
    ...unless(
      whole,
      "files-hidden",
      `it changes ${pull.changedFiles} files, of which GitHub shows ${files.length}`,
    ),
    ...odd.map(({ path, status }) => ({ code: "file", because: `it has ${path} ${status}` })),
  ];
}
