import { catalogue } from "../problem.ts";

/** What can stand in the way of making an environment's foundation. */
export const bootstrapProblem = catalogue({
  "foundation-unfit": {
    owner: "environment",
    message: (p: { what: string; why: string }) => `${p.what} cannot be taken over: ${p.why}`,
    remedy: (p) =>
      `give it another name in Pulumi.<environment>.yaml, or put ${p.what} right, and run npm run bootstrap again`,
  },
  "bootstrap-running": {
    owner: "environment",
    message: (p: { said: string }) => `somebody else makes this foundation now: ${p.said}`,
    remedy: () => "wait for that run; if it is dead, run the same command with --break-lock",
  },
  "bootstrap-failed": {
    owner: "environment",
    message: (p: { said: string }) => `the foundation could not be made: ${p.said}`,
    remedy: () => "mend what AWS says and run npm run bootstrap again: it goes on where it stopped",
  },
  "keys-at-most-two": {
    owner: "user",
    message: (p: { user: string }) => `${p.user} has two access keys, and AWS allows no third`,
    remedy: () =>
      "put the newer key into CI if it is not there yet, then: npm run bootstrap -- --env <environment> --retire-keys",
  },
  "keys-only-one": {
    owner: "user",
    message: (p: { user: string }) => `${p.user} has one access key: retired, nobody could promote any more`,
    remedy: () => "make a new one first: npm run bootstrap -- --env <environment> --rotate-keys",
  },
});
