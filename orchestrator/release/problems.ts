import { catalogue } from "../problem.ts";

/** The problems a person can meet while a release is built from a commit, found again, and compared with what it says. */
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
  "release-not-found": {
    owner: "user",
    message: (p: { sha: string; places: string[] }) =>
      `there is no release ${p.sha} in ${p.places.join(" or ")}`,
    remedy: (p) => `npm run package -- --sha ${p.sha}`,
  },
  "release-incomplete": {
    owner: "environment",
    message: (p: { sha: string; key: string; place: string }) =>
      `release ${p.sha} lacks ${p.key} in ${p.place}`,
    remedy: (p) => `npm run package -- --sha ${p.sha}`,
  },
  "manifest-invalid": {
    owner: "environment",
    message: (p: { sha: string; place: string; issues: string }) =>
      `the manifest of ${p.sha} in ${p.place} is not valid: ${p.issues}`,
    remedy: () => "find out who changed it; build the release again under a new commit",
  },
  "manifest-of-another-release": {
    owner: "environment",
    message: (p: { sha: string; place: string; of: string }) =>
      `what ${p.place} has as the manifest of ${p.sha} is the manifest of ${p.of}`,
    remedy: () => "do not deploy it: find out who put an old build under a new SHA",
  },
  "size-mismatch": {
    owner: "environment",
    message: (p: { what: string; wanted: number; found: number }) =>
      `${p.what} has ${p.found} bytes where the manifest says ${p.wanted}: it was cut off or changed`,
    remedy: () =>
      "do not deploy it: find out who changed it, then build the release again under a new commit",
  },
  "program-mismatch": {
    owner: "environment",
    message: (p: { what: string; wanted: string; found: string }) =>
      `the infra program ${p.what} is not what the manifest says: wanted ${p.wanted}, found ${p.found}`,
    remedy: () => "do not run it: find out who changed it, then build the release again under a new commit",
  },
  "dependency-misfit": {
    owner: "environment",
    message: (p: { sha: string; name: string; wanted: string; found: string }) =>
      `the infra program of ${p.sha} was made for ${p.name} ${p.wanted}, and ${p.found} is installed`,
    remedy: (p) =>
      `install what that release has, then the same command again: git checkout ${p.sha} -- package.json package-lock.json && npm ci`,
  },
  "digest-mismatch": {
    owner: "environment",
    message: (p: { what: string; wanted: string; found: string }) =>
      `${p.what} is not what the manifest says: wanted ${p.wanted}, found ${p.found}`,
    remedy: () =>
      "do not deploy it: find out who changed it, then build the release again under a new commit",
  },
  "key-taken": {
    owner: "environment",
    message: (p: { key: string; place: string }) => `${p.key} in ${p.place} already holds other bytes`,
    remedy: () =>
      "a release is never overwritten: commit anew and package that, or remove your own build if that is what it is",
  },
  "attestation-missing": {
    owner: "user",
    message: (p: { sha: string; attestation: string; environment: string }) =>
      `${p.environment} takes only what is attested as ${p.attestation}, and ${p.sha} is not`,
    remedy: (p) =>
      `promote ${p.sha} to the environment before ${p.environment} first; if it was, take it from there with --from`,
  },
  "attestation-untrusted": {
    owner: "environment",
    message: (p: { sha: string; attestation: string; because: string }) =>
      `the attestation ${p.attestation} of ${p.sha} is not to be trusted: ${p.because}`,
    remedy: () =>
      "do not deploy it: find out who signed it, and whether the configured key is still the right one",
  },
  "attestation-of-another-release": {
    owner: "environment",
    message: (p: { sha: string; attestation: string; because: string }) =>
      `what stands for the attestation ${p.attestation} of ${p.sha} was given to another release: ${p.because}`,
    remedy: () => "do not deploy it: find out who put it there",
  },
  "attestation-of-another-environment": {
    owner: "environment",
    message: (p: { sha: string; attestation: string; because: string }) =>
      `the attestation ${p.attestation} of ${p.sha} is of another environment than it must be: ${p.because}`,
    remedy: () =>
      "promote it where it must be validated; requires in Pulumi.<environment>.yaml says where that is",
  },
  "manifest-mismatch": {
    owner: "environment",
    message: (p: { sha: string; attestation: string; because: string }) =>
      `the manifest of ${p.sha} is not the one that is attested as ${p.attestation}: ${p.because}`,
    remedy: () => "do not deploy it: find out who changed it; build the release again under a new commit",
  },
  "attestation-invalid": {
    owner: "environment",
    message: (p: { sha: string; attestation: string; because: string }) =>
      `the attestation ${p.attestation} of ${p.sha} does not hold: ${p.because}`,
    remedy: () => "do not deploy it: find out where the attestation comes from",
  },
  "release-reader-refused": {
    owner: "environment",
    message: (p: { environment: string; said: string }) =>
      `the releases of ${p.environment} cannot be read: ${p.said}`,
    remedy: (p) =>
      `give its release reader's credentials by an AWS profile (--release-profile, ${p.environment}-release-reader by default), or the release itself: --release-dir`,
  },
});
