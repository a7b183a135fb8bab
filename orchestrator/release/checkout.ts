import { execFile } from "node:child_process";
import { mkdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { git } from "./git.ts";

const run = promisify(execFile);

/** What git says of a commit: when it was made (ISO 8601, UTC) and by whom (the name only). */
export type CommitFacts = { timestamp: string; author: string };

/**
 * Writes exactly what a commit holds to `directory`, whatever the working tree looks like, and puts the installed
 * dependencies beside it, as a link.
 */
export async function checkOut(
  root: string,
  sha: string,
  options: { directory: string; nodeModules: string; env?: NodeJS.ProcessEnv },
): Promise<CommitFacts> {
  await mkdir(options.directory, { recursive: true });
  const archive = `${options.directory}.tar`;
  // A user's autocrlf would change the bytes.
  const format = ["-c", "core.autocrlf=false", "archive", "--format=tar", "-o", archive, sha];
  await git(root, format, options.env);
  await run("tar", ["-xf", archive, "-C", options.directory]);
  await rm(archive);
  await symlink(options.nodeModules, join(options.directory, "node_modules"));
  const shown = await git(
    root,
    ["show", "--no-patch", "--no-show-signature", "--format=%ct%n%an", sha],
    options.env,
  );
  const [seconds = "", author = ""] = shown.split("\n");
  return { timestamp: new Date(Number(seconds) * 1000).toISOString(), author };
}
