import { execFile } from "node:child_process";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { git, gitEnvironment } from "./git.ts";

const run = promisify(execFile);

/** What git says of a commit: when it was made (ISO 8601, UTC) and by whom (the name only). */
export type CommitFacts = { timestamp: string; author: string };

/** What a user's own settings would change of a commit: the ends of its lines, and which of its files there are. */
const AS_COMMITTED = ["core.autocrlf=false", "core.eol=lf", "core.attributesFile=/dev/null"];

// A shell joins the two, so that they go on while this process loads its modules. What git does not end, tar refuses.
const PIPELINE = '"$@" | tar -xf - -C "$0"';

/** The folders that a release is made of, with the files beside them. The rest would only take its time. */
const FOLDERS = new Set(["infra", "lambdas"]);

/**
 * Writes exactly what a commit holds to `directory`, as far as a release is made of it and whatever the working tree looks
 * like, and puts the installed dependencies beside it, as a link.
 */
export async function checkOut(
  root: string,
  sha: string,
  options: { directory: string; nodeModules: string; env?: NodeJS.ProcessEnv },
): Promise<void> {
  await mkdir(options.directory, { recursive: true });
  const env = { ...gitEnvironment(options.env), GIT_LITERAL_PATHSPECS: "1" };
  const settings = AS_COMMITTED.flatMap((setting) => ["-c", setting]);
  const archive = ["git", ...settings, "archive", "--format=tar", sha, ...(await partsOf(root, sha, env))];
  await run("sh", ["-c", PIPELINE, options.directory, ...archive], { cwd: root, env });
  await symlink(options.nodeModules, join(options.directory, "node_modules"));
}

async function partsOf(root: string, sha: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const entries = (await git(root, ["ls-tree", "-z", sha], env)).split("\0").filter(Boolean);
  return entries.flatMap((entry) => {
    const [about = "", name = ""] = entry.split("\t");
    return about.includes(" blob ") || FOLDERS.has(name) ? [name] : [];
  });
}

/** Who made a commit, and when. */
export async function factsOf(root: string, sha: string, env?: NodeJS.ProcessEnv): Promise<CommitFacts> {
  const show = ["show", "--no-patch", "--no-show-signature", "--encoding=UTF-8", "--format=%ct%n%an", sha];
  const [seconds = "", author = ""] = (await git(root, show, env)).split("\n");
  return { timestamp: new Date(Number(seconds) * 1000).toISOString(), author };
}
