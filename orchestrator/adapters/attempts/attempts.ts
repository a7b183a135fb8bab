import type { AwsAccess } from "../aws-access.ts";
import type { Attempts } from "./attempt.ts";
import { dataAttempts } from "./data.ts";
import { identityAttempts } from "./identity.ts";
import { serviceAttempts } from "./service.ts";

/** Everything that can be tried for real by somebody without changing anything. */
export const attemptsAs = (access: AwsAccess): Attempts => ({
  ...dataAttempts(access),
  ...serviceAttempts(access),
  ...identityAttempts(access),
});
