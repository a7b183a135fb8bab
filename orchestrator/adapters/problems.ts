import { catalogue } from "../problem.ts";

/** What the surroundings refuse, whatever is done: credentials, AWS's services, the network, the disk. */
export const outsideProblem = catalogue({
  "credentials-missing": {
    owner: "environment",
    message: () => "there are no AWS credentials to do it with",
    remedy: () =>
      "give the environment's deployer's credentials (AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY), or use --local",
  },
  "credentials-refused": {
    owner: "environment",
    message: (p: { said: string }) => `AWS does not let these credentials do it: ${p.said}`,
    remedy: () =>
      "use the credentials of the environment's own deployer: aws sts get-caller-identity says whose these are",
  },
  "variable-invalid": {
    owner: "user",
    message: (p: { name: string; wanted: string }) => `the variable ${p.name} is not ${p.wanted}`,
    remedy: (p) => `mend it, or do without it: unset ${p.name}`,
  },
  "aws-unreachable": {
    owner: "environment",
    message: (p: { said: string }) => `AWS could not be reached: ${p.said}`,
    remedy: () => "mend the network, AWS_ENDPOINT_URL or HTTPS_PROXY, and run the same command again",
  },
  "aws-is-another": {
    owner: "environment",
    message: (p: { status: number }) => `what answers is not AWS (HTTP status ${p.status})`,
    remedy: () => "look at AWS_ENDPOINT_URL and HTTPS_PROXY: something else answers in its place",
  },
  "aws-lacks": {
    owner: "environment",
    message: (p: { said: string }) => `AWS does not have what the environment needs: ${p.said}`,
    remedy: () =>
      "see what is missing: npm run doctor -- --env <environment>; docs/SETUP.md says how to prepare one",
  },
  "aws-throttles": {
    owner: "environment",
    message: (p: { said: string }) => `AWS takes no more requests for now: ${p.said}`,
    remedy: () => "run the same command again in a minute",
  },
  "aws-fails": {
    owner: "environment",
    message: (p: { said: string }) => `AWS failed by itself: ${p.said}`,
    remedy: () => "look at AWS's health page and run the same command again",
  },
  "aws-refuses": {
    owner: "environment",
    message: (p: { said: string }) => `AWS refused a request: ${p.said}`,
    remedy: () => "mend what AWS names; --debug shows where it was asked",
  },
  "disk-refuses": {
    owner: "environment",
    message: (p: { said: string }) => `${p.said}`,
    remedy: () => "free some space, or mend what the file system says, and run the same command again",
  },
});
