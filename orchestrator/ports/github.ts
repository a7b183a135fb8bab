import type { Deployments } from "./github-deployments.ts";

/** An account as GitHub knows it. Names are given to anybody, and e-mails are only written down; the id is neither. */
export type Account = { id: number; login: string; kind: string };

export type Commit = {
  sha: string;
  tree: string;
  parents: string[];
  message: string;
  /** The accounts that GitHub finds for the e-mails that the commit names; null when it finds none. */
  author: Account | null;
  committer: Account | null;
  /** Whether GitHub holds the signature for the committer's, and in its own word why (`valid`, `unsigned`…). */
  signature: { verified: boolean; reason: string };
};

/** `blob` says what the file holds afterwards. */
export type ChangedFile = { path: string; previousPath: string | null; status: string; blob: string };

/** One end of a pull request. The repository is null when it was deleted. */
export type End = { branch: string; sha: string; repository: number | null };

export type PullRequest = {
  number: number;
  url: string;
  title: string;
  body: string;
  state: "open" | "closed";
  draft: boolean;
  author: Account | null;
  base: End;
  head: End;
  merged: { by: Account | null; at: string } | null;
  /** Once it is merged: the commit that the base branch got. */
  mergeCommit: string | null;
  /** Whether it can be merged without a conflict; null while GitHub works it out, and once it is closed. */
  mergeable: boolean | null;
  /** How many there are, whatever the lists show. */
  commits: number;
  changedFiles: number;
};

export type Comment = { id: number; body: string; author: Account | null };

/** A change of a branch, and who made it: what nobody can write into a commit. */
export type Push = { kind: string; actor: Account | null; before: string; after: string; at: string };

export type Comparison = {
  status: "identical" | "ahead" | "behind" | "diverged";
  /** What `to` changed since it parted from `from`. GitHub shows 300 at most. */
  files: ChangedFile[];
};

export type PullOrder = { title: string; body: string; head: string; base: string; draft: boolean };

export type Merging = { head: string; method: "merge" | "squash"; title: string; message: string };
export type Merged = { merged: true; sha: string } | { merged: false; because: string };

/**
 * One repository on GitHub. What is not there is undefined; all else that GitHub refuses is thrown as a problem, without
 * the request that it refused. Lists are whole, however many pages they take, up to GitHub's own limits.
 */
export type GitHub = Deployments & {
  repository(): Promise<{ id: number; name: string; defaultBranch: string }>;

  commit(sha: string): Promise<Commit | undefined>;
  /** The commit at the end of a branch. */
  headOf(branch: string): Promise<string | undefined>;
  compare(from: string, to: string): Promise<Comparison>;
  /** What a file holds at a commit. */
  fileAt(path: string, sha: string): Promise<string | undefined>;
  /** The changes of a branch of the last year, newest first. */
  pushesTo(branch: string): Promise<Push[]>;
  createCommit(commit: { message: string; tree: string; parents: string[] }): Promise<string>;
  /** False when there is a branch of that name. */
  createBranch(name: string, sha: string): Promise<boolean>;
  /** False when there was none. */
  deleteBranch(name: string): Promise<boolean>;

  /** The numbers of the pull requests that a commit came by, or is part of. */
  pullsWith(sha: string): Promise<number[]>;
  pull(number: number): Promise<PullRequest | undefined>;
  /** The pull requests from a branch of this repository, whatever became of them, newest first. */
  pullsFrom(branch: string): Promise<PullRequest[]>;
  /** GitHub shows 250 at most. */
  commitsOf(number: number): Promise<Commit[]>;
  /** GitHub shows 3,000 at most. */
  filesOf(number: number): Promise<ChangedFile[]>;
  openPull(order: PullOrder): Promise<PullRequest>;
  /** Merges if `head` is still its last commit and GitHub's rules let it. */
  mergePull(number: number, merging: Merging): Promise<Merged>;

  /** What is said below a pull request, oldest first. */
  comments(number: number): Promise<Comment[]>;
  comment(number: number, body: string): Promise<Comment>;
  editComment(id: number, body: string): Promise<void>;
};
