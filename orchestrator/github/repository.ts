import canonicalize from "canonicalize";
import type {
  BranchRules,
  EnvironmentSettings,
  FoundRules,
  GitHubSettings,
} from "../ports/github-settings.ts";
import type { WantedRepository } from "./repository-file.ts";

/** Something that is otherwise on GitHub than the file says, and can be made so. */
export type Difference = { part: string; found: unknown; wanted: unknown };
export type RepositoryPlan = {
  differences: Difference[];
  /** What only people can give: secrets and variables, by name. */
  missing: string[];
  /** What is there beside: it is named, and never touched. */
  unknown: string[];
};

type Work = { plan: RepositoryPlan; steps: { part: string; act: () => Promise<void> }[] };

/** Compares the repository on GitHub with what the file says. Changes nothing. */
export const planRepository = async (
  github: GitHubSettings,
  wanted: WantedRepository,
): Promise<RepositoryPlan> => (await compare(github, wanted)).plan;

/**
 * Makes the repository what the file says and gives what was otherwise before. What is as it must be is not written; what the
 * file does not know stays.
 */
export async function applyRepository(
  github: GitHubSettings,
  wanted: WantedRepository,
  say: (text: string) => void,
): Promise<RepositoryPlan> {
  const { plan, steps } = await compare(github, wanted);
  for (const { part, act } of steps) {
    say(`${part} is being changed`);
    await act();
  }
  return plan;
}

async function compare(github: GitHubSettings, wanted: WantedRepository): Promise<Work> {
  const work: Work = { plan: { differences: [], missing: [], unknown: [] }, steps: [] };
  const { merging, vulnerabilityAlerts, workflows } = wanted;
  differ(work, "merging", await github.merging(), merging, () => github.setMerging(merging));
  differ(work, "vulnerability alerts", await github.vulnerabilityAlerts(), vulnerabilityAlerts, () =>
    github.setVulnerabilityAlerts(vulnerabilityAlerts),
  );
  differ(work, "workflows", await github.workflows(), workflows, () => github.setWorkflows(workflows));
  compareRules(work, github, wanted.rules, await github.rules());
  await compareEnvironments(work, github, wanted.environments);
  return work;
}

/** Notes a part that is otherwise, and how it is made so. The order of a list is no difference. */
function differ(work: Work, part: string, found: unknown, wanted: unknown, act: () => Promise<void>): void {
  if (canonicalize(sorted(found)) === canonicalize(sorted(wanted))) return;
  work.plan.differences.push({ part, found: found ?? null, wanted });
  work.steps.push({ part, act });
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted).sort();
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, sorted(each)]));
}

function compareRules(work: Work, github: GitHubSettings, wanted: BranchRules, all: FoundRules[]): void {
  const own = all.find(({ name }) => name === wanted.name);
  const { id = null, ...found } = own ?? {};
  differ(work, `ruleset ${wanted.name}`, own && found, { ...wanted, lacks: [] }, () =>
    github.setRules(wanted, id),
  );
  for (const { name } of all) if (name !== wanted.name) work.plan.unknown.push(`ruleset ${name}`);
}

async function compareEnvironments(
  work: Work,
  github: GitHubSettings,
  wanted: WantedRepository["environments"],
): Promise<void> {
  const found = await github.environments();
  for (const [name, { secrets, variables, ...settings }] of Object.entries(wanted)) {
    const there: EnvironmentSettings | undefined = found[name];
    differ(work, `environment ${name}`, there, settings, () => github.setEnvironment(name, settings));
    const lacks = (kind: string, names: string[], has: string[]) =>
      names.filter((each) => !has.includes(each)).map((each) => `${kind} ${each} of environment ${name}`);
    if (secrets.length > 0)
      work.plan.missing.push(...lacks("secret", secrets, there ? await github.secretsOf(name) : []));
    if (variables.length > 0)
      work.plan.missing.push(...lacks("variable", variables, there ? await github.variablesOf(name) : []));
  }
  for (const name of Object.keys(found))
    if (!Object.hasOwn(wanted, name)) work.plan.unknown.push(`environment ${name}`);
}
