import type { Account, ChangedFile, Comment, Commit, PullRequest, Push } from "../ports/github.ts";

// GitHub's own shapes, as far as they are read here, and ours made of them.

type RawAccount = { id?: number; login?: string; type?: string } | null | undefined;
type RawCommit = {
  sha: string;
  commit: {
    message: string;
    tree: { sha: string };
    verification?: { verified?: boolean; reason?: string } | null;
  };
  parents: { sha: string }[];
  author?: RawAccount;
  committer?: RawAccount;
};
type RawEnd = { ref: string; sha: string; repo?: { id: number } | null };
type RawPull = {
  number: number;
  html_url: string;
  title: string;
  body: string | null;
  state: string;
  draft?: boolean;
  user: RawAccount;
  base: RawEnd;
  head: RawEnd;
  merged?: boolean;
  merged_at: string | null;
  merged_by?: RawAccount;
  merge_commit_sha: string | null;
  mergeable?: boolean | null;
  commits?: number;
  changed_files?: number;
};
type RawFile = { filename: string; previous_filename?: string; status: string; sha: string | null };
type RawPush = {
  activity_type: string;
  actor?: RawAccount;
  before: string;
  after: string;
  timestamp: string;
};

/** Undefined parts make no account: half of an identity is none. */
export function accountOf(raw: RawAccount): Account | null {
  if (raw?.id === undefined || raw.login === undefined) return null;
  return { id: raw.id, login: raw.login, kind: raw.type ?? "" };
}

export const commitOf = ({ sha, commit, parents, author, committer }: RawCommit): Commit => ({
  sha,
  tree: commit.tree.sha,
  parents: parents.map((parent) => parent.sha),
  message: commit.message,
  author: accountOf(author),
  committer: accountOf(committer),
  signature: {
    verified: commit.verification?.verified === true,
    reason: commit.verification?.reason ?? "not told",
  },
});

const endOf = ({ ref, sha, repo }: RawEnd) => ({ branch: ref, sha, repository: repo?.id ?? null });

/** A list leaves out what one pull request has: what is not told is unknown, or nothing. */
export const pullOf = (raw: RawPull): PullRequest => ({
  number: raw.number,
  url: raw.html_url,
  title: raw.title,
  body: raw.body ?? "",
  state: raw.state === "open" ? "open" : "closed",
  draft: raw.draft ?? false,
  author: accountOf(raw.user),
  base: endOf(raw.base),
  head: endOf(raw.head),
  merged: raw.merged_at === null ? null : { by: accountOf(raw.merged_by), at: raw.merged_at },
  mergeCommit: raw.merged_at === null ? null : raw.merge_commit_sha,
  mergeable: raw.mergeable ?? null,
  commits: raw.commits ?? Number.NaN,
  changedFiles: raw.changed_files ?? Number.NaN,
});

export const fileOf = ({ filename, previous_filename, status, sha }: RawFile): ChangedFile => ({
  path: filename,
  previousPath: previous_filename ?? null,
  status,
  blob: sha ?? "",
});

export const pushOf = ({ activity_type, actor, before, after, timestamp }: RawPush): Push => ({
  kind: activity_type,
  actor: accountOf(actor),
  before,
  after,
  at: timestamp,
});

export const commentOf = (raw: { id: number; body?: string | null; user: RawAccount }): Comment => ({
  id: raw.id,
  body: raw.body ?? "",
  author: accountOf(raw.user),
});
