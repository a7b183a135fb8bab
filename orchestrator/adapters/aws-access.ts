/**
 * How to reach AWS for one environment. Without `endpoint` and `credentials` the SDK's own defaults hold (environment,
 * profile, OIDC); a rehearsal gives both.
 */
export type AwsAccess = {
  region: string;
  endpoint?: string;
  /** A profile of the AWS configuration files, where the usual credentials are somebody else's. */
  profile?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  /** For whoever rather hears that nobody answers than waits: one more try, and seconds for each. */
  impatient?: boolean;
};

/** Lambda grants 15 changes and looks a second: with many functions, ours wait for their turn. */
const PATIENT = { retryMode: "adaptive", maxAttempts: 8 };
const IMPATIENT = { maxAttempts: 2, requestHandler: { connectionTimeout: 1_500, requestTimeout: 3_000 } };

/** The settings every SDK client is made with. */
export const clientSettings = (access: AwsAccess) => ({
  region: access.region,
  ...(access.endpoint ? { endpoint: access.endpoint } : {}),
  ...(access.profile ? { profile: access.profile } : {}),
  ...(access.credentials ? { credentials: access.credentials } : {}),
  ...(access.impatient ? IMPATIENT : PATIENT),
});

/** The same access as environment variables, for child processes that speak to AWS by themselves. */
export function accessVariables(access: AwsAccess): Record<string, string> {
  const { region, endpoint, credentials } = access;
  return {
    AWS_REGION: region,
    ...(endpoint ? { AWS_ENDPOINT_URL: endpoint } : {}),
    ...(credentials
      ? {
          AWS_ACCESS_KEY_ID: credentials.accessKeyId,
          AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
          ...(credentials.sessionToken ? { AWS_SESSION_TOKEN: credentials.sessionToken } : {}),
        }
      : {}),
  };
}
