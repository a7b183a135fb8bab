import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** What a commit changes: the text of each file, or null where it goes. */
export type Changes = Record<string, string | null>;

export type RawFile = { filename: string; previous_filename?: string; status: string; sha: string };
type RawCommit = { tree: string; parents: string[]; message: string };

const STATUS: Record<string, string> = {
  A: "added",
  M: "modified",
  D: "removed",
  R: "renamed",
  T: "changed",
};
/** As on GitHub, any commit may be fetched by its SHA. */
const CONFIG =
  "[core]\n\trepositoryformatversion = 0\n\tbare = true\n[uploadpack]\n\tallowAnySHA1InWant = true\n";
const ME = { NAME: "Example", EMAIL: "example@example.com", DATE: "1700000000 +0000" };

/**
 * A real bare repository behind the fake of GitHub: what is written, merged and compared is so by git itself. Its branches
 * and its graph are known here as well, since a process for each question would take a unit test's whole time.
 */
export class BareRepository {
  readonly directory = mkdtempSync(join(tmpdir(), "github-"));
  readonly #heads = new Map<string, string>();
  readonly #commits = new Map<string, RawCommit>();
  readonly #texts = new Map<string, Map<string, string>>();
  readonly #differences = new Map<string, RawFile[]>();

  constructor() {
    for (const each of ["objects", "refs/heads"]) mkdirSync(join(this.directory, each), { recursive: true });
    writeFileSync(join(this.directory, "HEAD"), "ref: refs/heads/main\n");
    writeFileSync(join(this.directory, "config"), CONFIG);
  }

  close(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Runs git and gives its stdout; undefined when it fails. */
  #try(args: string[], input?: string): string | undefined {
    const who = (role: string) => Object.entries(ME).map(([key, value]) => [`GIT_${role}_${key}`, value]);
    const done = spawnSync("git", args, {
      cwd: this.directory,
      env: {
        ...Object.fromEntries([...who("AUTHOR"), ...who("COMMITTER")]),
        PATH: process.env.PATH,
        HOME: this.directory,
        GIT_CONFIG_NOSYSTEM: "1",
        GIT_DIR: this.directory,
        LC_ALL: "C",
      },
      input,
      maxBuffer: 64 * 1024 * 1024,
    });
    return done.status === 0 ? done.stdout.toString() : undefined;
  }

  #git(args: string[], input?: string): string {
    const out = this.#try(args, input);
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
    const parts = each.flatMap((changes, index) => [
      `commit refs/heads/${branch}\ncommitter ${ME.NAME} <${ME.EMAIL}> ${ME.DATE}\n${data(message)}`,
      from && index === 0 ? `from ${from}\n` : "",
      ...Object.entries(changes).map(([path, text]) =>
        text === null ? `D ${path}\n` : `M 100644 inline ${path}\n${data(text)}`,
      ),
    ]);
    this.#git(["fast-import", "--quiet", "--force"], parts.join(""));
    const told = this.#git([
      "log",
      "--reverse",
      `-${each.length}`,
      "--format=%H%x00%T%x00%P%x00%B%x01",
      branch,
    ]);
    let texts = from ? this.#texts.get(this.treeOf(from)) : new Map<string, string>();
    for (const [index, one] of told.split("\x01\n").filter(Boolean).entries()) {
      const [sha = "", tree = "", parents = "", said = ""] = one.split("\0");
      this.#commits.set(sha, { tree, parents: parents.split(" ").filter(Boolean), message: said.trimEnd() });
      texts = texts && changed(texts, each[index] ?? {});
      if (texts) this.#texts.set(tree, texts);
      this.#heads.set(branch, sha);
    }
    return this.head(branch) as string;
  }

  /** Takes in what somebody pushed to a branch with git itself. */
  adopt(branch: string): string {
    for (const one of this.#git(["log", "--format=%H%x00%T%x00%P%x00%B%x01", branch]).split("\x01\n")) {
      const [sha = "", tree = "", parents = "", said = ""] = one.split("\0");
      if (sha)
        this.#commits.set(sha, {
          tree,
          parents: parents.split(" ").filter(Boolean),
          message: said.trimEnd(),
        });
    }
    this.#heads.set(branch, this.#git(["rev-parse", branch]).trim());
    return this.head(branch) as string;
  }

  commitTree(tree: string, parents: string[], message: string): string {
    const sha = this.#git(["commit-tree", tree, ...parents.flatMap((each) => ["-p", each])], message).trim();
    this.#commits.set(sha, { tree, parents, message });
    return sha;
  }

  head = (branch: string) => this.#heads.get(branch);
  /** The commit that a SHA or the name of a branch means. */
  resolve = (name: string) => (this.#commits.has(name) ? name : this.head(name));
  /** Git's own reference follows, for whoever fetches from here. */
  move(branch: string, sha: string): void {
    this.#heads.set(branch, sha);
    const file = join(this.directory, "refs/heads", branch);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${sha}\n`);
  }
  remove(branch: string): void {
    this.#heads.delete(branch);
    rmSync(join(this.directory, "refs/heads", branch), { force: true });
  }
  treeOf = (sha: string) => this.read(sha).tree;
  isTree = (sha: string) => [...this.#commits.values()].some(({ tree }) => tree === sha);
  blob = (name: string, path: string) => {
    const tree = this.treeOf(this.resolve(name) ?? name);
    return this.#texts.get(tree)?.get(path) ?? this.#try(["cat-file", "blob", `${tree}:${path}`]);
  };

  read(sha: string): RawCommit {
    const commit = this.#commits.get(sha);
    if (!commit) throw new Error(`there is no commit ${sha}`);
    return commit;
  }

  /** A commit and all before it, the newest first. */
  #history(sha: string): Set<string> {
    const seen = new Set<string>();
    for (const queue = [sha]; queue.length > 0; ) {
      const next = queue.shift() as string;
      if (seen.has(next)) continue;
      seen.add(next);
      queue.push(...this.read(next).parents);
    }
    return seen;
  }

  contains = (sha: string, part: string) => this.#history(sha).has(part);

  /** The commits in `to` that are not in `from`, oldest first. */
  between(from: string, to: string): string[] {
    const known = this.#history(from);
    return [...this.#history(to)].filter((each) => !known.has(each)).reverse();
  }

  /** Where two commits parted. */
  mergeBase(one: string, other: string): string {
    const known = this.#history(one);
    return [...this.#history(other)].find((each) => known.has(each)) as string;
  }

  files(from: string, to: string): RawFile[] {
    const trees = [this.treeOf(from), this.treeOf(to)];
    const found = this.#differences.get(trees.join()) ?? this.#differ(trees);
    this.#differences.set(trees.join(), found);
    return found;
  }

  #differ(trees: string[]): RawFile[] {
    const lines = this.#git(["diff-tree", "-r", "-M", "--raw", "--abbrev=40", ...trees]).split("\n");
    return lines.filter(Boolean).map((line) => {
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
    if (this.contains(head, base)) return this.treeOf(head);
    return this.#try(["merge-tree", "--write-tree", base, head])?.split("\n")[0];
  }
}

const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;

function changed(texts: Map<string, string>, changes: Changes): Map<string, string> {
  const after = new Map(texts);
  for (const [path, text] of Object.entries(changes))
    if (text === null) after.delete(path);
    else after.set(path, text);
  return after;
}
