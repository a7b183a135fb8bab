import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { version as esbuildVersion } from "esbuild";

const LOCKED = { node: process.versions.node, esbuild: esbuildVersion, "@pulumi/pulumi": "3.248.0" };

/** A project in a git repository of its own, small but with all that a release needs. */
export const FILES: Record<string, string> = {
  "Pulumi.yaml": "name: a-project\n",
  "Pulumi.north.yaml": "config:\n  a-project:greeting: ahoy\n",
  "infra/service.ts":
    'import pulumi from "@pulumi/pulumi";\nexport const program = () => async () => ({ stack: pulumi.getStack() });\n',
  "lambdas/hello/index.ts":
    'import { release } from "../release.ts";\nexport const handler = async (): Promise<string> => release;\n',
  "lambdas/release.ts": "declare const RELEASE_SHA: string;\nexport const release: string = RELEASE_SHA;\n",
  "package.json": '{ "name": "a-project", "repository": "github:example/a-project" }\n',
  "package-lock.json": lockfile(LOCKED),
};

/** A lock file that names these packages. */
export function lockfile(versions: Record<string, string>): string {
  const packages = Object.entries(versions).map(([name, version]) => [`node_modules/${name}`, { version }]);
  return `${JSON.stringify({ packages: Object.fromEntries(packages) })}\n`;
}

export type Project = {
  root: string;
  git: (...args: string[]) => string;
  /** Writes files and commits them; null removes one. Returns the SHA. */
  commit: (files?: Record<string, string | null>) => string;
  remove: () => void;
};

export function makeProject(files = FILES): Project {
  const root = mkdtempSync(join(tmpdir(), "project-"));
  const env = {
    PATH: process.env.PATH,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_AUTHOR_NAME: "Adélaïde Example",
    GIT_AUTHOR_EMAIL: "ada@example.com",
    GIT_AUTHOR_DATE: "2025-11-20T10:00:00+09:00",
    GIT_COMMITTER_NAME: "Ada Example",
    GIT_COMMITTER_EMAIL: "ada@example.com",
    GIT_COMMITTER_DATE: "2025-11-20T10:00:00+09:00",
  };
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: root, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
  const commit = (changes: Record<string, string | null> = {}) => {
    for (const [name, content] of Object.entries(changes)) {
      const path = join(root, name);
      mkdirSync(dirname(path), { recursive: true });
      if (content === null) rmSync(path);
      else writeFileSync(path, content);
    }
    git("add", "--all");
    git("commit", "--quiet", "--allow-empty", "--message", "A change");
    return git("rev-parse", "HEAD");
  };
  git("init", "--quiet");
  commit(files);
  return { root, git, commit, remove: () => rmSync(root, { recursive: true, force: true }) };
}
