import { iamArn, type Known, type Part, type Principal } from "./principal.ts";
import type { FoundationSettings, GithubSettings } from "./settings.ts";
import { trustGithub } from "./trust.ts";

/** The workflows that may be a principal, by the subject of their tokens. */
type Subjects = (github: GithubSettings & { repository: string }) => string[];

/** Those that GitHub lets into one of the environment's own GitHub environments, which have rules and reviewers. */
export const inEnvironment: Subjects = ({ repository, environments }) =>
  environments.map((environment) => `repo:${repository}:environment:${environment}`);

/** Those of pull requests; GitHub gives none to a fork. */
export const inPullRequest: Subjects = ({ repository }) => [`repo:${repository}:pull_request`];

/** The name of a principal and how it is reached: a role for GitHub's workflows where a repository is known, else a user. */
export function entrance(
  part: Part,
  { project, environment, github }: FoundationSettings,
  { account }: Known<unknown>,
  subjects: Subjects,
): Pick<Principal, "part" | "name" | "arn" | "kind" | "trust"> {
  const name = `${project}-${environment}-${part}`;
  const { repository } = github;
  if (repository === undefined) return { part, name, arn: iamArn(account, `user/${name}`), kind: "user" };
  const trust = trustGithub(account, subjects({ ...github, repository }));
  return { part, name, arn: iamArn(account, `role/${name}`), kind: "role", trust };
}
