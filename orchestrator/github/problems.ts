import { catalogue } from "../problem.ts";

/** What a person can meet where GitHub is asked or told. */
export const githubProblem = catalogue({
  "github-repository-unknown": {
    owner: "user",
    message: () => "it is not known which repository on GitHub is meant",
    remedy: () => "say so, as a workflow does by itself: export GITHUB_REPOSITORY=<owner>/<name>",
  },
  "github-token-missing": {
    owner: "user",
    message: () => "there is no token to ask GitHub with",
    remedy: () => "give one in the variable GITHUB_TOKEN; a workflow has it as github.token",
  },
  "github-address-invalid": {
    owner: "user",
    message: () => "GITHUB_API_URL is no https address: a token would go over it in the clear",
    remedy: () => "mend it, or do without it: unset GITHUB_API_URL",
  },
  "github-token-refused": {
    owner: "environment",
    message: (p: { asked: string; said: string }) => `GitHub does not know the token (${p.asked}): ${p.said}`,
    remedy: () =>
      "it has expired or was revoked: give a new one in GITHUB_TOKEN and run the same command again",
  },
  "github-forbids": {
    owner: "environment",
    message: (p: { asked: string; said: string }) =>
      `GitHub does not let this token do it (${p.asked}): ${p.said}`,
    remedy: () => "give the job the permission that docs/GITHUB.md lists for the command, and run it again",
  },
  "github-lacks": {
    owner: "environment",
    message: (p: { asked: string; said: string }) =>
      `GitHub does not have it, or does not show it to this token (${p.asked}): ${p.said}`,
    remedy: () => "look at GITHUB_REPOSITORY and at what the token may read (docs/GITHUB.md)",
  },
  "github-limits": {
    owner: "environment",
    message: (p: { asked: string; until: string }) =>
      `GitHub takes no more requests until ${p.until} (${p.asked})`,
    remedy: (p) => `run the same command again after ${p.until}; nothing that was done is done twice`,
  },
  "github-fails": {
    owner: "environment",
    message: (p: { asked: string; said: string }) => `GitHub failed by itself (${p.asked}): ${p.said}`,
    remedy: () =>
      "look at GitHub's status page and run the same command again; nothing that was done is done twice",
  },
  "github-unreachable": {
    owner: "environment",
    message: (p: { asked: string; said: string }) => `GitHub could not be reached (${p.asked}): ${p.said}`,
    remedy: () => "mend the network or GITHUB_API_URL, and run the same command again",
  },
  "github-refuses": {
    owner: "environment",
    message: (p: { asked: string; said: string }) => `GitHub refused a request (${p.asked}): ${p.said}`,
    remedy: () => "mend what GitHub names; --debug shows where it was asked",
  },
  "github-file-invalid": {
    owner: "user",
    message: (p: { file: string; said: string }) => `${p.file} is not valid: ${p.said}`,
    remedy: (p) => `mend ${p.file} and run the same command again`,
  },
  "revert-refused": {
    owner: "environment",
    message: (p: { sha: string; because: string }) => `${p.sha} is not reverted: ${p.because}`,
    remedy: (p) => `look at it, and if it must be: npm run revert -- --sha ${p.sha} --force --reason "…"`,
  },
  "revert-branch-taken": {
    owner: "environment",
    message: (p: { branch: string }) => `the branch ${p.branch} is there and holds something else`,
    remedy: (p) =>
      `look at it; delete it if it is of no use (git push origin --delete ${p.branch}), and run the same command again`,
  },
});
