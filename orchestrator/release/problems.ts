import { catalogue } from "../problem.ts";

/** The problems a person can meet while a commit is found and a release is built from it. */
export const releaseProblem = catalogue({
  "git-missing": {
    owner: "environment",
    message: () => "git was not found on the PATH.",
    remedy: () => "Install git and run the command again.",
  },
  "not-a-repository": {
    owner: "user",
    message: (p: { root: string; said: string }) => `${p.root} is not a git checkout: ${p.said}`,
    remedy: () => "Run the command inside a clone of the repository.",
  },
  "sha-malformed": {
    owner: "user",
    message: (p: { given: string }) => `"${p.given}" is not a git SHA: 7 to 40 hex digits are needed.`,
    remedy: () => "Copy the SHA from: git log --oneline",
  },
  "sha-unknown": {
    owner: "user",
    message: (p: { given: string }) => `No commit ${p.given} is known in this checkout.`,
    remedy: () =>
      "Fetch it and run the command again: git fetch origin (git fetch --unshallow in a shallow clone).",
  },
  "sha-ambiguous": {
    owner: "user",
    message: (p: { given: string; candidates: string[] }) =>
      `${p.given} could be any of ${p.candidates.length} commits: ${p.candidates.join(", ")}.`,
    remedy: () => "Give more digits of the one that is meant.",
  },
  "dirty-tree": {
    owner: "user",
    message: (p: { files: number }) =>
      `${p.files} ${p.files === 1 ? "file is" : "files are"} not committed, and a release holds only what is committed.`,
    remedy: () => "Commit or stash them (git status lists them), or leave them out on purpose: --allow-dirty",
  },
  "release-part-missing": {
    owner: "user",
    message: (p: { sha: string; missing: string }) =>
      `Commit ${p.sha} has no ${p.missing}: no release can be built.`,
    remedy: () => "Choose a commit that has it: git log --oneline -- lambdas infra",
  },
  "function-name-taken": {
    owner: "user",
    message: (p: { name: string }) => `No function can be called ${p.name}: another part of the release is.`,
    remedy: (p: { name: string }) => `Rename lambdas/${p.name}, commit, and package the new commit.`,
  },
  "stack-settings-invalid": {
    owner: "user",
    message: (p: { file: string; reason: string }) => `${p.file} of this commit cannot be read: ${p.reason}`,
    remedy: (p: { file: string }) => `Mend ${p.file}, commit, and package the new commit.`,
  },
  "bundle-failed": {
    owner: "user",
    message: (p: { part: string; reason: string }) =>
      `The part ${p.part} of this commit does not build: ${p.reason}`,
    remedy: () => "Mend it, commit, and package the new commit.",
  },
  "dependency-differs": {
    owner: "environment",
    message: (p: { name: string; wanted: string; installed: string }) =>
      `The commit asks for ${p.name} ${p.wanted}, but ${p.installed} is installed: the bytes would not be the commit's.`,
    remedy: () => "Install what the commit's lock file says: check the commit out and run npm ci",
  },
});
