import { s3Artifacts } from "../adapters/s3-artifacts.ts";
import { systemClock } from "../adapters/system-clock.ts";
import { problem } from "../problems.ts";
import { hold, releaseHold } from "../promotion/holding.ts";
import type { Contender } from "../promotion/lease.ts";
import { fullSha } from "../release/git.ts";
import { readManifest } from "../release/load.ts";
import { releaseProblem } from "../release/problems.ts";
import { parseUntil } from "../until.ts";
import { composeContender } from "./compose.ts";
import { durationOption, ROOT, type Surroundings, surroundings, type Where } from "./surroundings.ts";

type Options = Where & { reason: string; sha?: string; wait?: string; json?: boolean };

/** Holds the environment, which then refuses promotions, or one release, whose bytes are then kept. */
export async function holdCommand(options: Options & { until?: string }): Promise<void> {
  const { until: given, reason: because, json = false } = options;
  const until = given === undefined ? null : parseUntil(given, systemClock.now());
  if (until === undefined)
    throw problem("option-invalid", {
      option: "--until",
      value: given ?? "",
      wanted:
        "in the future: a duration such as 12h or 2d, or a date such as 2026-12-24 or 2026-12-24T08:00Z",
    });
  const { where, contender, sha } = await prepare(options);
  if (sha) await requireKept(where, sha);
  await hold(contender, { sha, because, until });
  const what = sha ? `${sha} in ${options.env}` : options.env;
  const end = until ? `until ${until.toISOString()}` : "until it is released";
  const said = sha
    ? `${what} is held ${end}: its bytes are kept`
    : `${what} is held ${end}: promotions are refused, taking back is not`;
  print(json, { env: options.env, sha, held: true, until: until?.toISOString() ?? null }, said);
}

export async function releaseHoldCommand(options: Options): Promise<void> {
  const { contender, sha } = await prepare(options);
  const ended = await releaseHold(contender, { sha, because: options.reason });
  const said = `the hold of ${ended.who} since ${ended.since} is over: ${ended.because}`;
  print(options.json ?? false, { env: options.env, sha, held: false, until: null }, said);
}

async function prepare(
  options: Options,
): Promise<{ where: Surroundings; contender: Contender; sha: string | null }> {
  const waitMs = durationOption("--wait", options.wait) ?? 0;
  const { sha } = options;
  const full = sha === undefined ? null : await fullSha(ROOT, sha);
  const where = await surroundings(options);
  const contender = await composeContender(where, { waitMs, json: options.json ?? false });
  return { where, contender, sha: full };
}

/** A hold of what is not there would keep nothing, and say that it does. */
async function requireKept({ environment, access }: Surroundings, sha: string): Promise<void> {
  const store = s3Artifacts(environment.promotion.packages, access);
  if (!(await readManifest(store, sha)))
    throw releaseProblem("release-not-found", { sha, places: [store.place] });
}

function print(json: boolean, document: object, said: string): void {
  process.stdout.write(`${json ? JSON.stringify(document) : said}\n`);
}
