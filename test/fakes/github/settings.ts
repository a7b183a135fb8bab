import { made, NO_CONTENT, notFound, ok, Pages, type Route } from "./http.ts";
import type { State } from "./state.ts";

type Environment = {
  name: string;
  wait_timer: number;
  reviewers: { type: string; reviewer: { id: number; login: string } }[];
  custom: boolean;
  branches: { id: number; name: string }[];
  secrets: string[];
  variables: string[];
};

/** The settings of the repository. Tests change them as people do by hand. */
export class Settings {
  merging: Record<string, unknown> = {
    allow_merge_commit: true,
    allow_squash_merge: true,
    allow_rebase_merge: true,
    allow_auto_merge: false,
    delete_branch_on_merge: false,
  };
  alerts = false;
  workflows: Record<string, unknown> = {
    default_workflow_permissions: "write",
    can_approve_pull_request_reviews: false,
  };
  // biome-ignore lint/suspicious/noExplicitAny: GitHub's own documents
  rulesets: any[] = [];
  environments: Environment[] = [];
  readonly users: Record<string, number> = { traylorre: 501, maintainer: 1001 };

  environment(name: string): Environment {
    const known = this.environments.find((each) => each.name === name);
    if (!known) throw notFound();
    return known;
  }
}

export function settingsRoutes(state: State): Route[] {
  const { settings } = state;
  const at = "/repos/:owner/:repo";
  const ruleset = (id = "") => {
    const known = settings.rulesets.find((each) => each.id === Number(id));
    if (!known) throw notFound();
    return known;
  };
  const login = (id: number) => Object.entries(settings.users).find(([, each]) => each === id)?.[0] ?? "?";
  return [
    [
      "GET",
      "/users/:login",
      ({ parameters: { login: name = "" } }) => {
        const id = settings.users[name];
        if (id === undefined) throw notFound();
        return ok({ id, login: name, type: "User" });
      },
    ],
    ["PATCH", at, ({ body }) => ok(Object.assign(settings.merging, body))],
    [
      "GET",
      `${at}/vulnerability-alerts`,
      () => {
        if (!settings.alerts) throw notFound();
        return NO_CONTENT;
      },
    ],
    [
      "PUT",
      `${at}/vulnerability-alerts`,
      () => {
        settings.alerts = true;
        return NO_CONTENT;
      },
    ],
    [
      "DELETE",
      `${at}/vulnerability-alerts`,
      () => {
        settings.alerts = false;
        return NO_CONTENT;
      },
    ],
    ["GET", `${at}/actions/permissions/workflow`, () => ok(settings.workflows)],
    [
      "PUT",
      `${at}/actions/permissions/workflow`,
      ({ body }) => {
        Object.assign(settings.workflows, body);
        return NO_CONTENT;
      },
    ],
    ["GET", `${at}/rulesets`, () => ok(new Pages(settings.rulesets.map(({ id, name }) => ({ id, name }))))],
    ["GET", `${at}/rulesets/:id`, ({ parameters }) => ok(ruleset(parameters.id))],
    [
      "POST",
      `${at}/rulesets`,
      ({ body }) => {
        settings.rulesets.push({ id: state.number(), ...body });
        return made(settings.rulesets.at(-1));
      },
    ],
    ["PUT", `${at}/rulesets/:id`, ({ parameters, body }) => ok(Object.assign(ruleset(parameters.id), body))],
    ["GET", `${at}/environments`, () => ok(new Pages(settings.environments.map(show), "environments"))],
    [
      "PUT",
      `${at}/environments/:name`,
      ({ parameters: { name = "" }, body }) => {
        const known = settings.environments.find((each) => each.name === name);
        const environment = known ?? {
          name,
          wait_timer: 0,
          reviewers: [],
          custom: false,
          branches: [],
          secrets: [],
          variables: [],
        };
        environment.wait_timer = body.wait_timer ?? 0;
        environment.custom = body.deployment_branch_policy?.custom_branch_policies ?? false;
        if (!environment.custom) environment.branches = [];
        environment.reviewers = (body.reviewers ?? []).map(({ type, id }: { type: string; id: number }) => ({
          type,
          reviewer: { id, login: login(id) },
        }));
        if (!known) settings.environments.push(environment);
        return ok(show(environment));
      },
    ],
    [
      "GET",
      `${at}/environments/:name/deployment-branch-policies`,
      ({ parameters }) =>
        ok(new Pages(settings.environment(parameters.name ?? "").branches, "branch_policies")),
    ],
    [
      "POST",
      `${at}/environments/:name/deployment-branch-policies`,
      ({ parameters, body }) => {
        const branch = { id: state.number(), name: body.name };
        settings.environment(parameters.name ?? "").branches.push(branch);
        return ok(branch);
      },
    ],
    [
      "DELETE",
      `${at}/environments/:name/deployment-branch-policies/:id`,
      ({ parameters }) => {
        const environment = settings.environment(parameters.name ?? "");
        environment.branches = environment.branches.filter(({ id }) => id !== Number(parameters.id));
        return NO_CONTENT;
      },
    ],
    [
      "GET",
      `${at}/environments/:name/secrets`,
      ({ parameters }) =>
        ok(
          new Pages(
            settings.environment(parameters.name ?? "").secrets.map((name) => ({ name })),
            "secrets",
          ),
        ),
    ],
    [
      "GET",
      `${at}/environments/:name/variables`,
      ({ parameters }) =>
        ok(
          new Pages(
            settings.environment(parameters.name ?? "").variables.map((name) => ({ name, value: "v" })),
            "variables",
          ),
        ),
    ],
  ];
}

/** GitHub shows the protection of an environment as a list of rules, and leaves out what there is not. */
function show({ name, wait_timer, reviewers, custom }: Environment) {
  return {
    name,
    protection_rules: [
      ...(wait_timer > 0 ? [{ type: "wait_timer", wait_timer }] : []),
      ...(reviewers.length > 0
        ? [{ type: "required_reviewers", prevent_self_review: false, reviewers }]
        : []),
      ...(custom ? [{ type: "branch_policy" }] : []),
    ],
    deployment_branch_policy: custom ? { protected_branches: false, custom_branch_policies: true } : null,
  };
}
