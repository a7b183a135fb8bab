import type { EnvironmentSettings, GitHubSettings } from "../ports/github-settings.ts";
import { asking, type Client, type GitHubAccess } from "./github-client.ts";

type Protection = {
  type: string;
  wait_timer?: number;
  prevent_self_review?: boolean;
  reviewers?: { type?: string; reviewer?: object }[];
};
type Raw = {
  name: string;
  protection_rules?: unknown[];
  deployment_branch_policy?: { custom_branch_policies: boolean } | null;
};

/** The environments of a repository, by GitHub's REST API. */
export function githubEnvironments(
  client: Client,
  access: GitHubAccess,
): Pick<GitHubSettings, "environments" | "setEnvironment" | "secretsOf" | "variablesOf"> {
  const here = { owner: access.owner, repo: access.repo };
  const { repos, actions, users } = client.rest;
  const ask = <T>(act: () => Promise<T>) => asking(access, act);

  const all = async () =>
    (await client.paginate(repos.getAllEnvironments, { ...here, per_page: 100 })) as unknown as Raw[];
  const branchesOf = async (name: string) => {
    const asked = { ...here, environment_name: name, per_page: 100 };
    return (await repos.listDeploymentBranchPolicies(asked)).data.branch_policies;
  };

  async function settingsOf({
    name,
    protection_rules,
    deployment_branch_policy: policy,
  }: Raw): Promise<EnvironmentSettings> {
    const reviewers = protectionOf(protection_rules, "required_reviewers")?.reviewers ?? [];
    return {
      reviewers: reviewers.map(({ reviewer }) => nameOf(reviewer)),
      branches: policy?.custom_branch_policies
        ? (await branchesOf(name)).map((each) => each.name ?? "")
        : null,
    };
  }

  /** Allows these branches and no others. */
  async function setBranches(name: string, wanted: string[]): Promise<void> {
    const asked = { ...here, environment_name: name };
    const there = await branchesOf(name);
    for (const branch of wanted)
      if (!there.some((each) => each.name === branch))
        await repos.createDeploymentBranchPolicy({ ...asked, name: branch });
    for (const { id, name: branch = "" } of there)
      if (id !== undefined && !wanted.includes(branch))
        await repos.deleteDeploymentBranchPolicy({ ...asked, branch_policy_id: id });
  }

  return {
    environments: () =>
      ask(async () => {
        const found: Record<string, EnvironmentSettings> = {};
        for (const each of await all()) found[each.name] = await settingsOf(each);
        return found;
      }),
    setEnvironment: (name, { branches, reviewers }) =>
      ask(async () => {
        const before = (await all()).find((each) => each.name === name);
        const ids = reviewers.map(async (username) => (await users.getByUsername({ username })).data.id);
        await repos.createOrUpdateEnvironment({
          ...here,
          environment_name: name,
          // What is left out is taken away: what was set by hand and is none of ours goes along.
          wait_timer: protectionOf(before?.protection_rules, "wait_timer")?.wait_timer ?? 0,
          prevent_self_review:
            protectionOf(before?.protection_rules, "required_reviewers")?.prevent_self_review ?? false,
          reviewers: (await Promise.all(ids)).map((id) => ({ type: "User" as const, id })),
          deployment_branch_policy: branches && { protected_branches: false, custom_branch_policies: true },
        });
        if (branches) await setBranches(name, branches);
      }),
    secretsOf: (environment) =>
      ask(async () => {
        const asked = { ...here, environment_name: environment, per_page: 100 };
        return (await client.paginate(actions.listEnvironmentSecrets, asked)).map(({ name }) => name);
      }),
    variablesOf: (environment) =>
      ask(async () => {
        const asked = { ...here, environment_name: environment, per_page: 30 };
        return (await client.paginate(actions.listEnvironmentVariables, asked)).map(({ name }) => name);
      }),
  };
}

const protectionOf = (rules: unknown[] | undefined, type: string): Protection | undefined =>
  (rules as Protection[] | undefined)?.find((rule) => rule.type === type);

/** A team is shown by its slug, which no login looks like. */
const nameOf = (reviewer: object | undefined): string => {
  const { login, slug } = (reviewer ?? {}) as { login?: string; slug?: string };
  return login ?? `team ${slug}`;
};
