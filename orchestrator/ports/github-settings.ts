export type MergeSettings = {
  mergeCommit: boolean;
  squash: boolean;
  rebase: boolean;
  autoMerge: boolean;
  deleteBranch: boolean;
};
export type WorkflowSettings = { permissions: "read" | "write"; mayApprove: boolean };

/** The ruleset of the default branch. `bypass` names who it does not bind, as kind and id. */
export type BranchRules = {
  name: string;
  checks: string[];
  upToDate: boolean;
  approvals: number;
  bypass: string[];
};
/** A ruleset as it is: what it does not do of what ours does in any case, and whether it is in force at all. */
export type FoundRules = BranchRules & { id: number; lacks: string[] };

/** Who must approve a job of an environment, by login; from which branches it may come, or null for any. */
export type EnvironmentSettings = { branches: string[] | null; reviewers: string[] };

/** The settings of a repository on GitHub. Of secrets and variables only the names can be read here. */
export type GitHubSettings = {
  merging(): Promise<MergeSettings>;
  setMerging(wanted: MergeSettings): Promise<void>;
  vulnerabilityAlerts(): Promise<boolean>;
  setVulnerabilityAlerts(wanted: boolean): Promise<void>;
  workflows(): Promise<WorkflowSettings>;
  setWorkflows(wanted: WorkflowSettings): Promise<void>;
  rules(): Promise<FoundRules[]>;
  /** Makes a ruleset, or changes the one with this id. Rules of a kind that we do not know stay in it. */
  setRules(wanted: BranchRules, id: number | null): Promise<void>;
  environments(): Promise<Record<string, EnvironmentSettings>>;
  setEnvironment(name: string, wanted: EnvironmentSettings): Promise<void>;
  /** The names of an environment's own secrets and variables. */
  secretsOf(environment: string): Promise<string[]>;
  variablesOf(environment: string): Promise<string[]>;
};
