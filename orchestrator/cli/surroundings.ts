import { hostname, userInfo } from "node:os";
import { join, resolve } from "node:path";
import type { AwsAccess } from "../adapters/aws-access.ts";
import { parseDuration } from "../duration.ts";
import { type Environment, environmentNames, loadEnvironment } from "../environment.ts";
import type { Holder } from "../ports/ledger.ts";
import { problem } from "../problems.ts";
import { releaseProblem } from "../release/problems.ts";
import { ROOT } from "./root.ts";
import { secrets } from "./secrets.ts";
import { requireSaneVariables } from "./variables.ts";

export { ROOT };

/** Where a rehearsal environment keeps its state and its record; reports and logs go there too. */
export const REHEARSAL = resolve(ROOT, process.env.REHEARSAL_DIR ?? ".rehearsal");

/** Where the command runs: an environment, how to reach AWS for it, and what a rehearsal changes. */
export type Surroundings = {
  environment: Environment;
  access: AwsAccess;
  /** Stack configuration that replaces the release's own. */
  configuration: Record<string, unknown>;
};

export type Where = { env: string; local?: boolean };

/**
 * Finds the environment that a command is about. With `local` that is the running rehearsal environment: its endpoint,
 * the deployer's credentials there, and its shorter times.
 */
export async function surroundings(
  { env, local }: Where,
  changes: Record<string, unknown> = {},
): Promise<Surroundings> {
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  if (!local) {
    const environment = loadEnvironment(ROOT, env, given);
    requireSaneVariables(process.env);
    return { environment, access: { region: environment.region }, configuration: {} };
  }
  const known = environmentNames(ROOT);
  if (!known.includes(env)) throw problem("environment-unknown", { environment: env, known });
  const { readRecord } = await import("../../rehearsal/record.ts");
  const record = await readRecord(REHEARSAL);
  const rehearsed = record?.environments[env];
  if (!record || !rehearsed) throw problem("local-not-running", {});
  // A rehearsal changes nothing that a freeze protects, and must be possible on a Saturday.
  const environment = loadEnvironment(ROOT, env, { freezes: [], ...rehearsed.promotion, ...given });
  const { credentials, configuration } = rehearsed;
  secrets.know(credentials.secretAccessKey);
  forgetOwnSettings();
  return {
    environment,
    access: { region: environment.region, endpoint: record.endpoint, credentials },
    configuration,
  };
}

/**
 * The bucket of an environment's releases, and how whoever only reads them reaches it: by an AWS profile, or in a rehearsal
 * by the keys that were made for it.
 */
export async function releaseReaderOf(
  name: string,
  { local, releaseProfile }: { local?: boolean; releaseProfile?: string },
): Promise<{ bucket: string; access: AwsAccess }> {
  const { region, promotion } = loadEnvironment(ROOT, name);
  const bucket = promotion.packages;
  if (!local) return { bucket, access: { region, profile: releaseProfile ?? `${name}-release-reader` } };
  const { readRecord } = await import("../../rehearsal/record.ts");
  const record = await readRecord(REHEARSAL);
  if (!record) throw problem("local-not-running", {});
  const credentials = record.environments[name]?.reader;
  const said =
    "this rehearsal environment was made before there was a release reader; take it down and up again";
  if (!credentials) throw releaseProblem("release-reader-refused", { environment: name, said });
  return { bucket, access: { region, endpoint: record.endpoint, credentials } };
}

/**
 * Forgets the AWS and Pulumi settings of whoever runs a rehearsal, for this process and all that it starts: a profile, a
 * session token, a certificate bundle or a backend of theirs must not get mixed with the emulator's.
 */
export function forgetOwnSettings(): void {
  for (const name of Object.keys(process.env)) if (/^(AWS|PULUMI)_/.test(name)) delete process.env[name];
}

/** Who runs this, for the lease and the ledger. */
export function holder(promotionId: string): Holder {
  const { GITHUB_ACTOR, GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID } = process.env;
  const run = GITHUB_RUN_ID
    ? `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`
    : `process ${process.pid}`;
  return { who: GITHUB_ACTOR ?? userInfo().username, host: hostname(), run, promotionId };
}

/** Reads a duration given as an option; undefined stays undefined. */
export function durationOption(option: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const ms = parseDuration(value);
  if (ms === undefined)
    throw problem("option-invalid", { option, value, wanted: "a duration such as 30s or 5m" });
  return ms;
}

export const logs = join(REHEARSAL, "logs");
