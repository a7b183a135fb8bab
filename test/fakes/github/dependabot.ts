import type { Changes } from "./bare-repository.ts";
import { merge, openPull } from "./pulls.ts";
import {
  ACTIONS,
  DEPENDABOT,
  MAINTAINER,
  type Pull,
  type RawAccount,
  type Signed,
  type State,
  VALID,
  WEB_FLOW,
} from "./state.ts";

const DIGEST = (letter: string) => `sha512-${letter.repeat(86)}==`;

/** A lock's entry of a package. */
export const entry = (version: string, more: object = {}) => ({
  version,
  integrity: DIGEST(version.replace(/\W/g, "").at(-1) ?? "a"),
  ...more,
});

export type Project = {
  dependencies: Record<string, string>;
  packages: Record<string, object>;
  more?: object;
};

/** The manifest and the lock of a project, as files. */
export function files({ dependencies, packages, more = {} }: Project): Record<string, string> {
  const named = { name: "service", version: "1.0.0" };
  const root = { "": { ...named, dependencies }, ...packages };
  return {
    "package.json": `${JSON.stringify({ ...named, ...more, dependencies }, null, 2)}\n`,
    "package-lock.json": `${JSON.stringify({ ...named, lockfileVersion: 3, requires: true, packages: root }, null, 2)}\n`,
  };
}

/** What runs before the story begins: one package, and one that it brings. */
export const BEFORE: Project = {
  dependencies: { left: "1.2.3" },
  packages: { "node_modules/left": entry("1.2.3"), "node_modules/inner": entry("2.0.0") },
};
/** The update that Dependabot proposes. */
export const AFTER: Project = {
  dependencies: { left: "1.2.4" },
  packages: { "node_modules/left": entry("1.2.4"), "node_modules/inner": entry("2.0.0") },
};

export const BRANCH = "dependabot/npm_and_yarn/left-1.2.4";
const MESSAGE = "Bump left from 1.2.3 to 1.2.4\n\nSigned-off-by: dependabot[bot] <support@github.com>";

/** Puts the first commit on the default branch, and GitHub's record that it runs in production. */
export function begin(state: State, more: Changes = {}): string {
  const first = state.repository.commit("main", { ...files(BEFORE), "src.ts": "one\ntwo\nthree\n", ...more });
  state.sign(first, MAINTAINER, WEB_FLOW);
  runs(state, first);
  return first;
}

/** Records that a commit was promoted to production. */
export function runs(
  state: State,
  sha: string,
  outcome = "success",
  payload: object = { promotionId: "p" },
): void {
  const about = { ref: sha, sha, task: "promotion", environment: "prod", description: "", payload };
  const created_at = state.now();
  const statuses = [{ state: outcome, description: "", log_url: "", created_at }];
  state.deployments.push({ id: state.number(), ...about, created_at, statuses });
}

/** How a story differs from Dependabot's usual one. */
export type Tale = Partial<{
  branch: string;
  changes: Changes;
  message: string;
  signed: Partial<Signed>;
  user: RawAccount;
  pusher: RawAccount;
  fork: number | null;
  base: string;
  title: string;
}>;

/** Dependabot's pull request, open. */
export function proposeUpdate(state: State, tale: Tale = {}): Pull {
  const { branch = BRANCH, changes = files(AFTER), message = MESSAGE, base = "main" } = tale;
  const { user = DEPENDABOT, fork, title = "Bump left from 1.2.3 to 1.2.4" } = tale;
  addCommit(state, branch, changes, { ...tale, message, from: state.repository.head(base) });
  return openPull(state, { title, head: branch, base, user, ...(fork === undefined ? {} : { fork }) });
}

/** Adds a commit to a branch, by Dependabot unless told otherwise. */
export function addCommit(
  state: State,
  branch: string,
  changes: Changes,
  { signed = {}, pusher = DEPENDABOT, message = MESSAGE, from }: Tale & { from?: string } = {},
): string {
  const sha = state.repository.commit("pushing", changes, {
    from: from ?? state.repository.head(branch),
    message,
  });
  const { author = DEPENDABOT, committer = WEB_FLOW, verification = VALID } = signed;
  state.sign(sha, author, committer, verification);
  state.push(branch, sha, pusher);
  return sha;
}

/** Merges it as the job for it does. */
export const mergeUpdate = (
  state: State,
  pull: Pull,
  by = ACTIONS,
  method: "merge" | "squash" | "rebase" = "merge",
) => merge(state, pull, { by, method });
