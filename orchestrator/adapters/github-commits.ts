import type { Comparison, GitHub } from "../ports/github.ts";
import { asking, type Client, type GitHubAccess } from "./github-client.ts";
import { isStatus } from "./github-errors.ts";
import { commitOf, fileOf, pushOf } from "./github-shapes.ts";

type Commits = Pick<
  GitHub,
  | "repository"
  | "commit"
  | "headOf"
  | "compare"
  | "fileAt"
  | "pushesTo"
  | "createCommit"
  | "createBranch"
  | "deleteBranch"
>;

/** The commits and branches of a repository, by GitHub's REST API. */
export function githubCommits(client: Client, access: GitHubAccess): Commits {
  const { owner, repo } = access;
  const here = { owner, repo };
  const { repos, git } = client.rest;

  /** What is not there, or is no name of a commit, is undefined. */
  async function unless<T>(absent: number[], ask: () => Promise<T>): Promise<T | undefined> {
    return await asking(access, async () => {
      try {
        return await ask();
      } catch (error) {
        if (isStatus(error, ...absent)) return undefined;
        throw error;
      }
    });
  }

  return {
    repository: () =>
      asking(access, async () => {
        const { data } = await repos.get(here);
        return { id: data.id, name: data.full_name, defaultBranch: data.default_branch };
      }),
    commit: (sha) =>
      unless([404, 422], async () =>
        commitOf((await repos.getCommit({ ...here, ref: sha, per_page: 1 })).data),
      ),
    headOf: (branch) =>
      unless([404], async () => (await git.getRef({ ...here, ref: `heads/${branch}` })).data.object.sha),
    compare: (from, to) =>
      asking(access, async () => {
        const { data } = await repos.compareCommitsWithBasehead({ ...here, basehead: `${from}...${to}` });
        return { status: data.status as Comparison["status"], files: (data.files ?? []).map(fileOf) };
      }),
    fileAt: (path, sha) =>
      unless([404], async () => {
        const mediaType = { format: "raw" };
        const { data } = await repos.getContent({ ...here, path, ref: sha, mediaType });
        const raw: unknown = data;
        return raw instanceof ArrayBuffer ? new TextDecoder().decode(raw) : String(raw);
      }),
    pushesTo: (branch) =>
      asking(access, async () => {
        const asked = { ...here, ref: `refs/heads/${branch}`, time_period: "year", per_page: 100 } as const;
        return (await client.paginate(repos.listActivities, asked)).map((each) => pushOf(each as never));
      }),
    createCommit: (commit) =>
      asking(access, async () => (await git.createCommit({ ...here, ...commit })).data.sha),
    createBranch: (name, sha) =>
      asking(access, async () => {
        try {
          await git.createRef({ ...here, ref: `refs/heads/${name}`, sha });
          return true;
        } catch (error) {
          if (isStatus(error, 422) && /already exists/i.test(String(error))) return false;
          throw error;
        }
      }),
    deleteBranch: async (name) =>
      (await unless([404, 422], async () => {
        await git.deleteRef({ ...here, ref: `heads/${name}` });
        return true;
      })) ?? false,
  };
}
