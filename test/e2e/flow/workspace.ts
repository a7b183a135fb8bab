import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { linkDependencies, stampInstallation } from "../checkout.ts";

const INSTALLED = join(import.meta.dirname, "../../../node_modules");

/** Versions of dependencies that are in no registry: what each does to the files of the version that is there. */
export type Published = Record<string, Record<string, (files: string) => void>>;

/** An empty directory, as a job gets one. */
export const emptyWorkspace = (within: string): string => mkdtempSync(join(within, "workspace-"));

/** What the action `checkout` does: one commit and as much before it as is asked for, and nothing else of the repository. */
export function checkOut(
  root: string,
  { from, sha, depth }: { from: string; sha: string; depth: number },
): void {
  const env = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: "/dev/null" };
  const git = (...args: string[]) => execFileSync("git", args, { cwd: root, env, stdio: "pipe" });
  git("init", "--quiet");
  git("remote", "add", "origin", `file://${from}`);
  git("fetch", "--quiet", "--no-tags", `--depth=${depth}`, "origin", sha);
  git("checkout", "--quiet", "--detach", sha);
  linkDependencies(root);
}

/** Installs what the lock of a workspace asks for now, as its commands would do from a registry. */
export function install(root: string, published: Published): void {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  for (const [name, versions] of Object.entries(published)) {
    const [at, from] = [join(root, "node_modules", name), join(INSTALLED, name)];
    const wanted: string = packages[`node_modules/${name}`].version;
    const manifest = () => JSON.parse(readFileSync(join(at, "package.json"), "utf8"));
    if (manifest().version === wanted) continue;
    rmSync(at, { recursive: true, force: true });
    const alter = versions[wanted];
    if (!alter) {
      symlinkSync(from, at);
      if (manifest().version !== wanted) throw new Error(`nobody published ${name}@${wanted}`);
      continue;
    }
    mkdirSync(at);
    cpSync(from, at, { recursive: true, dereference: true });
    writeFileSync(join(at, "package.json"), JSON.stringify({ ...manifest(), version: wanted }));
    alter(at);
  }
  stampInstallation(root);
}
