import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

/** This project as it is now, in a git repository of its own, with a place of its own for all that its commands keep. */
export type Checkout = {
  root: string;
  /** Temporary files of its commands; empty when they have cleared up. */
  scratch: string;
  /** Where its rehearsal environment is kept. */
  rehearsal: string;
  /** Commands put here are found first. */
  bin: string;
  /** In the environment of every process that its commands start, however deep. */
  mark: string;
  env: NodeJS.ProcessEnv;
  git(...args: string[]): string;
  /** Changes one file and commits it. Returns the SHA. */
  commit(file: string, change: (text: string) => string): string;
  remove(): void;
};

/**
 * Copies what git would see of the working tree, committed or not, and commits it. The dependencies are linked one by
 * one, with the stamp of the installation: nothing that runs in the copy can install into the original.
 */
export function checkOutNow(): Checkout {
  const directory = mkdtempSync(join(tmpdir(), "e2e-"));
  const at = (name: string) => join(directory, name);
  const [root, scratch, rehearsal, bin] = [at("project"), at("tmp"), at("kept"), at("bin")];
  for (const each of [root, scratch, bin]) mkdirSync(each);
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: root, env: gitEnvironment(), encoding: "utf8" }).trim();
  copyTree(root);
  linkDependencies(root);
  git("init", "--quiet", "--initial-branch=main");
  const commitAll = () => {
    git("add", "--all");
    git("commit", "--quiet", "--message", "A change");
    return git("rev-parse", "HEAD");
  };
  commitAll();
  return {
    root,
    scratch,
    rehearsal,
    bin,
    mark: `${directory}/`,
    env: environment({ PATH: `${bin}:${process.env.PATH}`, TMPDIR: scratch, REHEARSAL_DIR: rehearsal }),
    git,
    commit(file, change) {
      const text = readFileSync(join(root, file), "utf8");
      const changed = change(text);
      if (changed === text) throw new Error(`the change of ${file} no longer fits`);
      writeFileSync(join(root, file), changed);
      return commitAll();
    },
    remove: () => rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  };
}

function copyTree(root: string): void {
  const list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const files = execFileSync("git", list, { cwd: ROOT, encoding: "utf8" }).split("\0").filter(Boolean);
  for (const file of files) {
    if (!existsSync(join(ROOT, file))) continue; // deleted, and not yet committed as such
    mkdirSync(dirname(join(root, file)), { recursive: true });
    cpSync(join(ROOT, file), join(root, file));
  }
}

/** Puts the dependencies of this project beside a copy of it, one link each, as if they were installed there. */
export function linkDependencies(root: string): void {
  const [from, to] = [join(ROOT, "node_modules"), join(root, "node_modules")];
  mkdirSync(to);
  for (const name of readdirSync(from))
    if (name === ".bin" || !name.startsWith(".")) symlinkSync(join(from, name), join(to, name));
  stampInstallation(root);
}

/** Says that what the lock asks for is installed, so that no command installs it. */
export function stampInstallation(root: string): void {
  const lock = readFileSync(join(root, "package-lock.json"));
  const stamp = createHash("sha256").update(lock).digest("hex");
  writeFileSync(join(root, "node_modules/.installed-from"), stamp);
}

/** The user's variables, but for those that would make a command behave as in another place than a person's terminal. */
function environment(own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const left = Object.entries(process.env).filter(
    ([name]) => !/^(CI$|GITHUB_|GIT_|AWS_(?!CA_BUNDLE)|npm_|INIT_CWD|FORCE_COLOR|NO_COLOR)/.test(name),
  );
  return { ...Object.fromEntries(left), ...own };
}

function gitEnvironment(): NodeJS.ProcessEnv {
  const name = "Ada Example";
  const email = "ada@example.com";
  return {
    PATH: process.env.PATH,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
  };
}
