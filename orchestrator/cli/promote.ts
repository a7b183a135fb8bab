import { problem } from "../problems.ts";
import { promotion } from "../promotion/course.ts";
import { trusted } from "../promotion/history.ts";
import { latestValidated } from "../promotion/latest.ts";
import { resolveCommit } from "../release/git.ts";
import { composePromotion, ledgerOf, placesOf } from "./compose.ts";
import { runToTheEnd } from "./outcome.ts";
import { progressSink, speaker } from "./progress.ts";
import { durationOption, ROOT, type Surroundings, surroundings, type Where } from "./surroundings.ts";

type Options = Where & {
  sha?: string;
  latestValidated?: boolean;
  releaseDir?: string;
  strategy?: string;
  bake?: string;
  wait?: string;
  json?: boolean;
};

const FULL_SHA = /^[0-9a-f]{40}$/;

export async function promoteCommand(options: Options): Promise<void> {
  const { strategy, bake, json = false } = options;
  requireOneChoice(options);
  durationOption("--bake", bake);
  const waitMs = durationOption("--wait", options.wait) ?? 0;
  const where = await surroundings(options, { strategy, bake });
  const sha = options.sha === undefined ? await latest(where, options) : await named(options.sha);
  const order = { kind: "promote" as const, sha, why: null, waitMs };
  const p = composePromotion(where, order, {
    release: options.releaseDir ?? `.releases/${sha}`,
    tell: await progressSink(json),
  });
  await runToTheEnd(p, promotion, json);
}

function requireOneChoice({ sha, latestValidated }: Options): void {
  const chosen = [sha !== undefined, latestValidated ?? false].filter(Boolean).length;
  if (chosen !== 1)
    throw problem("usage", { said: "give either --sha or --latest-validated", command: "promote" });
}

// A full SHA needs no repository: in CI the release may come without one.
const named = async (given: string) => (FULL_SHA.test(given) ? given : await resolveCommit(ROOT, given));

/** Chooses the release, and says which and why none that is newer. What it chose is verified like any other. */
async function latest(where: Surroundings, { releaseDir, json = false }: Options): Promise<string> {
  const entries = trusted(await ledgerOf(where).entries(), where.environment.name);
  const { sha, timestamp, passedOver } = await latestValidated(
    placesOf(where, releaseDir),
    entries,
    where.environment,
  );
  const say = speaker(json);
  for (const each of passedOver) say(`${each.sha.slice(0, 7)} is passed over: ${each.because}`);
  say(`The latest is ${sha}, committed ${timestamp}.`);
  return sha;
}
