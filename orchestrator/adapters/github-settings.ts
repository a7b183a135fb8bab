import type { FoundRules, GitHubSettings } from "../ports/github-settings.ts";
import { asking, type GitHubAccess, githubClient } from "./github-client.ts";
import { githubEnvironments } from "./github-environments.ts";
import { isStatus } from "./github-errors.ts";

type Rule = { type: string; parameters?: Record<string, unknown> };
type Ruleset = {
  id: number;
  name: string;
  enforcement: string;
  rules?: Rule[];
  bypass_actors?: { actor_id?: number | null; actor_type: string }[];
  conditions?: { ref_name?: { include?: string[]; exclude?: string[] } } | null;
};

/** What a ruleset of ours does in any case, beside what the settings say. */
const ALWAYS = ["deletion", "non_fast_forward"];
const OURS = [...ALWAYS, "pull_request", "required_status_checks"];
const DEFAULT_BRANCH = "~DEFAULT_BRANCH";

/** The settings of a repository, by GitHub's REST API. It takes a token of somebody who administers the repository. */
export function githubSettings(access: GitHubAccess): GitHubSettings {
  const client = githubClient(access);
  const here = { owner: access.owner, repo: access.repo };
  const { repos, actions } = client.rest;
  const ask = <T>(act: () => Promise<T>) => asking(access, act);
  const ruleset = async (id: number) =>
    (await repos.getRepoRuleset({ ...here, ruleset_id: id })).data as Ruleset;

  return {
    ...githubEnvironments(client, access),
    merging: () =>
      ask(async () => {
        const { data } = await repos.get(here);
        return {
          mergeCommit: data.allow_merge_commit ?? false,
          squash: data.allow_squash_merge ?? false,
          rebase: data.allow_rebase_merge ?? false,
          autoMerge: data.allow_auto_merge ?? false,
          deleteBranch: data.delete_branch_on_merge ?? false,
        };
      }),
    setMerging: (wanted) =>
      ask(async () => {
        await repos.update({
          ...here,
          allow_merge_commit: wanted.mergeCommit,
          allow_squash_merge: wanted.squash,
          allow_rebase_merge: wanted.rebase,
          allow_auto_merge: wanted.autoMerge,
          delete_branch_on_merge: wanted.deleteBranch,
        });
      }),
    vulnerabilityAlerts: () =>
      ask(async () => {
        try {
          await repos.checkVulnerabilityAlerts(here);
          return true;
        } catch (error) {
          if (isStatus(error, 404)) return false;
          throw error;
        }
      }),
    setVulnerabilityAlerts: (wanted) =>
      ask(async () => {
        await (wanted ? repos.enableVulnerabilityAlerts(here) : repos.disableVulnerabilityAlerts(here));
      }),
    workflows: () =>
      ask(async () => {
        const { data } = await actions.getGithubActionsDefaultWorkflowPermissionsRepository(here);
        const { default_workflow_permissions: permissions } = data;
        return { permissions, mayApprove: data.can_approve_pull_request_reviews };
      }),
    setWorkflows: ({ permissions, mayApprove }) =>
      ask(async () => {
        await actions.setGithubActionsDefaultWorkflowPermissionsRepository({
          ...here,
          default_workflow_permissions: permissions,
          can_approve_pull_request_reviews: mayApprove,
        });
      }),
    rules: () =>
      ask(async () => {
        const listed = await client.paginate(repos.getRepoRulesets, {
          ...here,
          per_page: 100,
          includes_parents: false,
        });
        return await Promise.all(listed.map(async ({ id }) => rulesOf(await ruleset(id))));
      }),
    setRules: (wanted, id) =>
      ask(async () => {
        const before = id === null ? undefined : await ruleset(id);
        const kept = (before?.rules ?? []).filter(({ type }) => !OURS.includes(type));
        const asked = {
          ...here,
          name: wanted.name,
          target: "branch" as const,
          enforcement: "active" as const,
          conditions: { ref_name: { include: [DEFAULT_BRANCH], exclude: [] } },
          bypass_actors: wanted.bypass.map(actorOf) as never,
          rules: [...rulesFor(wanted), ...kept] as never,
        };
        await (id === null
          ? repos.createRepoRuleset(asked)
          : repos.updateRepoRuleset({ ...asked, ruleset_id: id }));
      }),
  };
}

function rulesFor({
  checks,
  upToDate,
  approvals,
}: {
  checks: string[];
  upToDate: boolean;
  approvals: number;
}): Rule[] {
  return [
    ...ALWAYS.map((type) => ({ type })),
    {
      type: "pull_request",
      parameters: {
        required_approving_review_count: approvals,
        dismiss_stale_reviews_on_push: true,
        require_code_owner_review: false,
        require_last_push_approval: false,
        required_review_thread_resolution: false,
      },
    },
    {
      type: "required_status_checks",
      parameters: {
        strict_required_status_checks_policy: upToDate,
        required_status_checks: checks.map((context) => ({ context })),
      },
    },
  ];
}

function rulesOf({ id, name, enforcement, rules = [], bypass_actors = [], conditions }: Ruleset): FoundRules {
  const parameters = (type: string) => rules.find((rule) => rule.type === type)?.parameters ?? {};
  const { required_approving_review_count: approvals } = parameters("pull_request");
  const { required_status_checks: checks = [], strict_required_status_checks_policy: strict } =
    parameters("required_status_checks");
  const { include = [], exclude = [] } = conditions?.ref_name ?? {};
  return {
    id,
    name,
    checks: (checks as { context: string }[]).map(({ context }) => context),
    upToDate: strict === true,
    approvals: typeof approvals === "number" ? approvals : 0,
    bypass: bypass_actors.map(({ actor_type, actor_id }) => `${actor_type} ${actor_id}`),
    lacks: [
      ...OURS.filter((type) => !rules.some((rule) => rule.type === type)),
      ...(enforcement === "active" ? [] : ["it is not in force"]),
      ...(include.includes(DEFAULT_BRANCH) && exclude.length === 0
        ? []
        : ["it does not bind the default branch"]),
    ],
  };
}

function actorOf(named: string) {
  const [actor_type, id] = named.split(" ");
  return { actor_type, actor_id: Number(id), bypass_mode: "always" };
}
