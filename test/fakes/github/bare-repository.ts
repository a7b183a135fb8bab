import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a commit changes: the text of each file, or null where it goes. A Buffer is for what is no text. */
export type Changes = Record<string, string | Buffer | null>;

export type RawFile = { filename: string; previous_filename?: string; status: string; sha: string };

type RawCommit = { tree: string; parents: string[]; message: string };

const STATUS: Record<string, string> = {
  A: "added",
  M: "modified",
  D: "removed",
  R: "renamed",
  T: "changed",
};
const ME = "Example <example@example.com>";

/** A real bare repository behind the fake of GitHub: what is merged, compared and reverted is so by git itself. */
export class BareRepository {
  readonly directory = mkdtempSync(join(tmpdir(), "github-"));

  /** A commit never changes. */
  readonly #read = new Map<string, RawCommit>();

  constructor() {
    this.git(["init", "--quiet", "--bare", "--initial-branch=main", this.directory]);
  }

  close(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Runs git and gives its stdout; undefined when it fails. */
  tryGit(args: string[], input?: string | Buffer): string | undefined {
    const env = { PATH: process.env.PATH, HOME: this.directory, GIT_CONFIG_NOSYSTEM: "1", LC_ALL: "C" };
    const identity = { GIT_AUTHOR_NAME: "Example", GIT_AUTHOR_EMAIL: "example@example.com" };
    const committer = { GIT_COMMITTER_NAME: "Example", GIT_COMMITTER_EMAIL: "example@example.com" };
    const done = spawnSync("git", args, {
      cwd: this.directory,
      env: { ...env, ...identity, ...committer },
      input,
      maxBuffer: 64 * 1024 * 1024,
    });
    return done.status === 0 ? done.stdout.toString() : undefined;
  }

  git(args: string[], input?: string | Buffer): string {
    const out = this.tryGit(args, input);
    if (out === undefined) throw new Error(`git ${args.join(" ")} failed`);
    return out;
  }

  /** Commits onto a branch, which it makes from `from` when given. */
  commit(branch: string, changes: Changes, options: { from?: string; message?: string } = {}): string {
    return this.commits(branch, [changes], options);
  }

  /** Commits one after the other onto a branch, and gives the last. */
  commits(
    branch: string,
    each: Changes[],
    { from = this.head(branch), message = "A change" }: { from?: string; message?: string } = {},
  ): string {
    const parts = each.flatMap((changes, index): (string | Buffer)[] => [
      `commit refs/heads/${branch}\ncommitter ${ME} 1700000000 +0000\n`,
      data(message),
      from && index === 0 ? `from ${from}\n` : "",
      ...Object.entries(changes).flatMap(([path, content]) =>
        content === null ? [`D ${path}\n`] : [`M 100644 inline ${path}\n`, data(content)],
      ),
    ]);
    this.git(["fast-import", "--quiet", "--force"], Buffer.concat(parts.map((part) => Buffer.from(part))));
    return this.head(branch) as string;
  }

  head = (branch: string) =>
    this.tryGit(["rev-parse", "--quiet", "--verify", `refs/heads/${branch}`])?.trim();
  resolve = (name: string) =>
    this.tryGit(["rev-parse", "--quiet", "--verify", `${name}^{commit}`])?.trim() ??
    (name.includes("/") ? undefined : this.head(name));
  move = (branch: string, sha: string) => void this.git(["update-ref", `refs/heads/${branch}`, sha]);
  remove = (branch: string) => void this.git(["update-ref", "-d", `refs/heads/${branch}`]);
  contains = (sha: string, part: string) =>
    this.tryGit(["merge-base", "--is-ancestor", part, sha]) !== undefined;
  mergeBase = (one: string, other: string) => this.git(["merge-base", one, other]).trim();
  blob = (sha: string, path: string) => this.tryGit(["cat-file", "blob", `${sha}:${path}`]);
  treeOf = (sha: string) => this.git(["rev-parse", `${sha}^{tree}`]).trim();
  isTree = (sha: string) => this.tryGit(["cat-file", "-t", sha])?.trim() === "tree";

  commitTree(tree: string, parents: string[], message: string): string {
    return this.git(["commit-tree", tree, ...parents.flatMap((each) => ["-p", each])], message).trim();
  }

  /** The commits in `to` that are not in `from`, oldest first. */
  between = (from: string, to: string) =>
    this.git(["rev-list", "--reverse", "--topo-order", `${from}..${to}`])
      .split("\n")
      .filter(Boolean);

  read(sha: string): RawCommit {
    const known = this.#read.get(sha);
    if (known) return known;
    const [head = "", ...rest] = this.git(["cat-file", "commit", sha]).split("\n\n");
    const lines = head.split("\n").map((line) => line.split(" "));
    const named = (name: string) => lines.filter(([first]) => first === name).map(([, value = ""]) => value);
    const message = rest.join("\n\n").trimEnd();
    const found = { tree: named("tree")[0] ?? "", parents: named("parent"), message };
    this.#read.set(sha, found);
    return found;
  }

  files(from: string, to: string): RawFile[] {
    const lines = this.git(["diff-tree", "-r", "-M", "--raw", "--abbrev=40", "--no-commit-id", from, to]);
    return lines
      .split("\n")
      .filter(Boolean)
      .map((line) => {
        const [head = "", first = "", second] = line.split("\t");
        const [, , , sha = "", letter = ""] = head.split(" ");
        const status = STATUS[letter.slice(0, 1)] ?? "changed";
        return second === undefined
          ? { filename: first, status, sha }
          : { filename: second, previous_filename: first, status, sha };
      });
  }

  /** Merges two commits as git does and gives the tree; undefined when they conflict. */
  mergedTree(base: string, head: string): string | undefined {
    return this.tryGit(["merge-tree", "--write-tree", base, head])?.split("\n")[0];
  }
}

const data = (content: string | Buffer) => {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from("\n")]);
};
