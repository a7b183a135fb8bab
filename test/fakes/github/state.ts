import { BareRepository } from "./bare-repository.ts";
import { Settings } from "./settings.ts";

/** An account in GitHub's shape. */
export type RawAccount = { id: number; login: string; type: string };

export const DEPENDABOT: RawAccount = { id: 49699333, login: "dependabot[bot]", type: "Bot" };
export const ACTIONS: RawAccount = { id: 41898282, login: "github-actions[bot]", type: "Bot" };
export const WEB_FLOW: RawAccount = { id: 19864447, login: "web-flow", type: "User" };
export const MAINTAINER: RawAccount = { id: 1001, login: "maintainer", type: "User" };
export const STRANGER: RawAccount = { id: 1002, login: "somebody", type: "User" };

/** What GitHub knows of a commit beside what git does. */
export type Signed = {
  author: RawAccount | null;
  committer: RawAccount | null;
  verification: { verified: boolean; reason: string };
};

export const VALID = { verified: true, reason: "valid" };
export const UNSIGNED = { verified: false, reason: "unsigned" };

export type Pull = {
  number: number;
  title: string;
  body: string;
  state: "open" | "closed";
  draft: boolean;
  user: RawAccount;
  base: { ref: string; sha: string };
  head: { ref: string; sha: string; repo: { id: number } | null };
  merged_at: string | null;
  merged_by: RawAccount | null;
  merge_commit_sha: string | null;
  /** How often GitHub has been asked since the branch changed: the first time it does not know yet. */
  asked: number;
  /** The commits that a merge by rebase made of its own. */
  rebased?: string[];
};

export type Comment = { id: number; issue: number; body: string; user: RawAccount };
export type Activity = {
  ref: string;
  activity_type: string;
  actor: RawAccount;
  before: string;
  after: string;
  timestamp: string;
};
export type Status = { state: string; description: string; log_url: string; created_at: string };
export type Deployment = {
  id: number;
  sha: string;
  ref: string;
  task: string;
  environment: string;
  description: string;
  payload: unknown;
  created_at: string;
  statuses: Status[];
};

export const REPOSITORY_ID = 4242;

/** Everything the fake of GitHub holds. Tests look into it, and put into it what GitHub would refuse to take from them. */
export class State {
  readonly repository = new BareRepository();
  readonly settings = new Settings();
  readonly fullName = "example/service";
  readonly defaultBranch = "main";
  /** Whose token it is. */
  actor: RawAccount = ACTIONS;
  readonly signed = new Map<string, Signed>();
  readonly pulls: Pull[] = [];
  readonly comments: Comment[] = [];
  readonly activities: Activity[] = [];
  readonly deployments: Deployment[] = [];
  /** The workflows that were started by a request for it. */
  readonly dispatches: { workflow: string; ref: string }[] = [];
  readonly reviews: { pull: number; event: string; by: RawAccount }[] = [];
  /** Why GitHub's rules refuse a merge; undefined when they do not. */
  mergeRefusal: string | undefined;
  /** Whether a merge by squash or by a merge commit is what the repository allows. */
  allowed = { merge: true, squash: true };
  #last = 0;
  #at = Date.parse("2026-11-24T08:00:00Z");

  number = () => ++this.#last;
  /** Every time it is asked, a second later. */
  now(): string {
    this.#at += 1_000;
    return new Date(this.#at).toISOString().replace(/\.\d+Z$/, "Z");
  }

  sign(sha: string, author: RawAccount | null, committer: RawAccount | null, verification = VALID): string {
    this.signed.set(sha, { author, committer, verification });
    return sha;
  }

  /** Moves a branch as whoever pushes does, and remembers who it was. */
  push(branch: string, sha: string, actor: RawAccount, kind?: string): void {
    const before = this.repository.head(branch);
    const forced = before !== undefined && !this.repository.contains(sha, before);
    const activity_type = kind ?? (before === undefined ? "branch_creation" : forced ? "force_push" : "push");
    this.repository.move(branch, sha);
    this.note(branch, activity_type, actor, before ?? NOTHING, sha);
    for (const pull of this.pulls)
      if (pull.state === "open" && pull.head.ref === branch && pull.head.repo?.id === REPOSITORY_ID)
        Object.assign(pull, { head: { ...pull.head, sha }, asked: 0 });
      else if (pull.state === "open" && pull.base.ref === branch) pull.asked = 0;
  }

  note(branch: string, activity_type: string, actor: RawAccount, before: string, after: string): void {
    const ref = `refs/heads/${branch}`;
    this.activities.unshift({ ref, activity_type, actor, before, after, timestamp: this.now() });
  }
}

export const NOTHING = "0".repeat(40);
