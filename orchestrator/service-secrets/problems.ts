import { catalogue } from "../problem.ts";

/** What can be wrong when a secret of the service is set. No message has a value in it, nor a part of one. */
export const serviceSecretProblem = catalogue({
  "secret-value-invalid": {
    owner: "user",
    message: (p: { name: string; wrong: string }) => `this is no value for ${p.name}: ${p.wrong}`,
    remedy: (p: { name: string; environment: string; wrong: string }) =>
      `send the key alone, from where it is kept: npm run secrets -- set --env ${p.environment} --name ${p.name} < <file>`,
  },
  "secret-not-yours-to-set": {
    owner: "environment",
    message: (p: { secretId: string; said: string }) =>
      `these credentials may not set or see the secret ${p.secretId}: ${p.said}`,
    remedy: () =>
      "run it with an administrator's credentials (AWS_PROFILE): a deployer may not change what the service's keys are",
  },
});
