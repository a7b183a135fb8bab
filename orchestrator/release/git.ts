import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { releaseProblem } from "./problems.ts";

const run = promisify(execFile);

/**
 * The variables that git is run with. In a git hook, some such as GIT_DIR point elsewhere: they are left out, so that the
 * checkout it is run in is what is looked at.
 */
export function gitEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const clean = Object.entries(env).filter(([name]) => !/^GIT_(DIR|WORK|INDEX|OBJECT)/.test(name));
  return { ...Object.fromEntries(clean), LC_ALL: "C" };
}

/** Runs git in a checkout and returns its stdout. Rejects as `execFile` does. */
export async function git(root: string, args: string[], env?: NodeJS.ProcessEnv): Promise<string> {
  const options = { cwd: root, env: gitEnvironment(env), maxBuffer: 64 * 1024 * 1024 };
  try {
    return (await run("git", args, options)).stdout;
  } catch (error) {
    throw notFound(error) ? await missing(root, error) : error;
  }
}

/**
 * The full SHA of the commit meant by 7 to 40 hex digits or HEAD. Throws the problems git-missing, not-a-repository,
 * sha-malformed, sha-unknown and sha-ambiguous, which names the candidates.
 */
export async function resolveCommit(root: string, given: string, env?: NodeJS.ProcessEnv): Promise<string> {
  if (given !== "HEAD" && !/^[0-9a-f]{7,40}$/i.test(given)) throw releaseProblem("sha-malformed", { given });
  const name = given === "HEAD" ? given : given.toLowerCase();
  const one = await commitNamed(root, name, env);
  if (one) return one;
  await requireRepository(root, env);
  const found = given === "HEAD" ? [] : await commitsBeginning(root, name, env);
  const [sha] = found;
  if (sha === undefined) throw releaseProblem("sha-unknown", { given });
  if (found.length > 1) throw releaseProblem("sha-ambiguous", { given, candidates: found });
  return sha;
}

/** The full SHA of a release that is named. One that is full already needs no repository: in CI there may be none. */
export const fullSha = async (root: string, given: string): Promise<string> =>
  /^[0-9a-f]{40}$/.test(given) ? given : await resolveCommit(root, given);

/** Throws the problem dirty-tree when anything is changed, staged or untracked: it would silently not be released. */
export async function requireCleanTree(root: string, env?: NodeJS.ProcessEnv): Promise<void> {
  const status = await git(root, ["status", "--porcelain", "--untracked-files=normal"], env).catch(
    async (error) => {
      await requireRepository(root, env);
      throw error;
    },
  );
  const files = status.split("\n").filter(Boolean).length;
  if (files > 0) throw releaseProblem("dirty-tree", { files });
}

async function requireRepository(root: string, env?: NodeJS.ProcessEnv): Promise<void> {
  try {
    await git(root, ["rev-parse", "--git-dir"], env);
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.split("\n")[0];
    if (said === undefined) throw error;
    throw releaseProblem("not-a-repository", { root, said: said.replace(/^fatal: /, "") }, error);
  }
}

// A branch may be named as a SHA is: what it points to begins with other digits, and is not meant.
async function commitNamed(root: string, name: string, env?: NodeJS.ProcessEnv): Promise<string | undefined> {
  const found = await git(root, ["rev-parse", "--quiet", "--verify", `${name}^{commit}`], env).catch(
    () => "",
  );
  const sha = found.trim();
  return sha && (name === "HEAD" || sha.startsWith(name)) ? sha : undefined;
}

// Blobs and trees share the digits' name space: only commits can be meant.
async function commitsBeginning(root: string, digits: string, env?: NodeJS.ProcessEnv): Promise<string[]> {
  const names = (await git(root, ["rev-parse", `--disambiguate=${digits}`], env)).split("\n").filter(Boolean);
  const commits = await Promise.all(
    names.map(async (name) => ((await typeOf(root, name, env)) === "commit" ? [name] : [])),
  );
  return commits.flat();
}

async function typeOf(root: string, name: string, env?: NodeJS.ProcessEnv): Promise<string> {
  return (await git(root, ["cat-file", "-t", name], env).catch(() => "")).trim();
}

function notFound(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}

// ENOENT is said of the program and of the working directory alike.
async function missing(root: string, error: unknown): Promise<Error> {
  const { stat } = await import("node:fs/promises");
  const there = await stat(root).catch(() => undefined);
  return there?.isDirectory()
    ? releaseProblem("git-missing", {}, error)
    : releaseProblem("not-a-repository", { root, said: "no such directory" }, error);
}
