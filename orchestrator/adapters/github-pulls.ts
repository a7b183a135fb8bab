import type { GitHub } from "../ports/github.ts";
import { asking, type Client, type GitHubAccess } from "./github-client.ts";
import { isStatus, saidBy } from "./github-errors.ts";
import { commentOf, commitOf, fileOf, pullOf } from "./github-shapes.ts";

type Pulls = Pick<
  GitHub,
  | "pullsWith"
  | "pull"
  | "pullsFrom"
  | "commitsOf"
  | "filesOf"
  | "openPull"
  | "mergePull"
  | "comments"
  | "comment"
  | "editComment"
>;

/** The pull requests of a repository and what is said below them, by GitHub's REST API. */
export function githubPulls(client: Client, access: GitHubAccess): Pulls {
  const { owner, repo } = access;
  const here = { owner, repo, per_page: 100 };
  const { repos, pulls, issues } = client.rest;
  const ask = <T>(act: () => Promise<T>) => asking(access, act);

  return {
    pullsWith: (sha) =>
      ask(async () => {
        const asked = { ...here, commit_sha: sha };
        return (await client.paginate(repos.listPullRequestsAssociatedWithCommit, asked)).map(
          ({ number }) => number,
        );
      }),
    pull: (number) =>
      ask(async () => {
        try {
          return pullOf((await pulls.get({ owner, repo, pull_number: number })).data);
        } catch (error) {
          if (isStatus(error, 404)) return undefined;
          throw error;
        }
      }),
    pullsFrom: (branch) =>
      ask(async () => {
        const asked = { ...here, head: `${owner}:${branch}`, state: "all", direction: "desc" } as const;
        return (await client.paginate(pulls.list, asked)).map((each) => pullOf(each));
      }),
    commitsOf: (number) =>
      ask(async () =>
        (await client.paginate(pulls.listCommits, { ...here, pull_number: number })).map((each) =>
          commitOf(each),
        ),
      ),
    filesOf: (number) =>
      ask(async () => (await client.paginate(pulls.listFiles, { ...here, pull_number: number })).map(fileOf)),
    openPull: (order) => ask(async () => pullOf((await pulls.create({ owner, repo, ...order })).data)),
    mergePull: (number, { head, method, title, message }) =>
      ask(async () => {
        try {
          const texts = { commit_title: title, commit_message: message };
          const asked = { owner, repo, pull_number: number, sha: head, merge_method: method, ...texts };
          return { merged: true, sha: (await pulls.merge(asked)).data.sha };
        } catch (error) {
          // 405: the rules or a conflict forbid it; 409: the branch is not what we looked at any more.
          if (isStatus(error, 405, 409)) return { merged: false, because: access.redact(saidBy(error)) };
          throw error;
        }
      }),
    comments: (number) =>
      ask(async () =>
        (await client.paginate(issues.listComments, { ...here, issue_number: number })).map((each) =>
          commentOf(each as never),
        ),
      ),
    comment: (number, body) =>
      ask(async () =>
        commentOf((await issues.createComment({ owner, repo, issue_number: number, body })).data as never),
      ),
    editComment: (id, body) =>
      ask(async () => void (await issues.updateComment({ owner, repo, comment_id: id, body }))),
  };
}
