import { type AwsAccess, accessVariables } from "./aws-access.ts";

/** What any program needs to run: its place in the system, and the network of the machine. */
const OF_THE_MACHINE =
  /^(PATH|HOME|TMPDIR|TMP|TEMP|LANG|LC_\w+|TZ|USER|LOGNAME|SHELL|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|(HTTPS?|NO|ALL)_PROXY|SystemRoot)$/i;

/** By which the SDKs find credentials by themselves, where the environment has none of its own to be given. */
const OF_AWS =
  /^AWS_(PROFILE|DEFAULT_PROFILE|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|CONFIG_FILE|SHARED_CREDENTIALS_FILE|CA_BUNDLE|ROLE_ARN|ROLE_SESSION_NAME|WEB_IDENTITY_TOKEN_FILE|CONTAINER_\w+|EC2_METADATA_\w+|ENDPOINT_URL(_\w+)?|USE_(FIPS|DUALSTACK)_ENDPOINT|SDK_LOAD_CONFIG|STS_REGIONAL_ENDPOINTS)$/;

/** With credentials given, nothing of the shell's may find others. What trusts a certificate stays. */
const GIVEN = /^AWS_CA_BUNDLE$/;

/** By which a person chooses how Pulumi works, or opens a stack that a phrase encrypts. Where it works and as whom is not among them. */
const OF_PULUMI = /^PULUMI_(HOME|CONFIG_PASSPHRASE(_FILE)?|SKIP_UPDATE_CHECK|DEBUG_\w+)$/;

/**
 * The whole environment of a process that acts for one environment of ours: the machine's variables and the credentials that
 * are meant, and nothing else of the parent's. Tokens of CI, of GitHub or of another environment stay with the parent.
 */
export function childEnvironment(access: AwsAccess, parent: NodeJS.ProcessEnv): Record<string, string> {
  const credentials = access.credentials ? GIVEN : OF_AWS;
  const passed = Object.entries(parent).filter(
    ([name, value]) =>
      value !== undefined && [OF_THE_MACHINE, credentials, OF_PULUMI].some((names) => names.test(name)),
  );
  return {
    ...(Object.fromEntries(passed) as Record<string, string>),
    ...(access.profile && !access.credentials ? { AWS_PROFILE: access.profile } : {}),
    ...accessVariables(access),
  };
}

/**
 * The same, for a program that adds what it is given to all that its parent has: what is not to be there is undefined, which
 * no process gets.
 */
export function onlyChildEnvironment(access: AwsAccess, parent: NodeJS.ProcessEnv): Record<string, string> {
  const absent = Object.fromEntries(Object.keys(parent).map((name) => [name, undefined]));
  // The Automation API's types know only texts; it hands the values on as they are.
  return { ...absent, ...childEnvironment(access, parent) } as Record<string, string>;
}
