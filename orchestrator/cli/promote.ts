import { problem } from "../problems.ts";
import { dryRun, promotion } from "../promotion/course.ts";
import { trusted } from "../promotion/history.ts";
import { latestValidated } from "../promotion/latest.ts";
import { GUARD_NAMES, type Guard } from "../promotion/overrides.ts";
import { fullSha } from "../release/git.ts";
import { composePromotion, ledgerOf } from "./compose.ts";
import { tryOut } from "./dry-run.ts";
import { runToTheEnd } from "./outcome.ts";
import { progressSink, speaker } from "./progress.ts";
import { placesOf, type SourceOptions, sourceOf } from "./source.ts";
import { durationOption, ROOT, type Surroundings, surroundings, type Where } from "./surroundings.ts";
import { both, workflowRun } from "./workflow-run.ts";

type Options = Where &
  SourceOptions & {
    sha?: string;
    latestValidated?: boolean;
    strategy?: string;
    bake?: string;
    wait?: string;
    override?: string;
    allowDestructive?: string[];
    reason?: string;
    dryRun?: boolean;
    json?: boolean;
  };

export async function promoteCommand(options: Options): Promise<void> {
  const { strategy, bake, reason, json = false, dryRun: only = false } = options;
  requireOneChoice(options);
  durationOption("--bake", bake);
  const waitMs = durationOption("--wait", options.wait) ?? 0;
  const exceptions = exceptionsOf(options);
  const where = await surroundings(options, { strategy, bake });
  const sha = options.sha === undefined ? await latest(where, options) : await fullSha(ROOT, options.sha);
  const order = { kind: "promote" as const, sha, why: reason ?? null, waitMs, ...exceptions };
  const workflow = await workflowRun(options);
  const p = composePromotion(where, order, {
    source: await sourceOf(where, sha, options),
    readOnly: only,
    tell: only ? await progressSink(json) : both(await progressSink(json), workflow.tell),
  });
  await (only ? tryOut(p, dryRun, json) : runToTheEnd(p, promotion, json));
  await workflow.settled();
}

/** What a person lets pass that would be refused, which needs a reason. */
function exceptionsOf({ override, allowDestructive = [], reason }: Options) {
  const overrides = override?.split(",").map((name) => guardNamed(name.trim())) ?? [];
  for (const urn of allowDestructive)
    if (!urn.startsWith("urn:pulumi:"))
      throw problem("option-invalid", {
        option: "--allow-destructive",
        value: urn,
        wanted: "the URN of a resource, as the refusal names it, in single quotes",
      });
  if (!reason?.trim() && (overrides.length > 0 || allowDestructive.length > 0)) {
    const option = overrides.length > 0 ? "--override" : "--allow-destructive";
    throw problem("usage", {
      said: `${option} needs a reason for the record: --reason "…"`,
      command: "promote",
    });
  }
  return { overrides, allowDestructive };
}

function guardNamed(name: string): Guard {
  const guard = GUARD_NAMES.find((each) => each === name);
  if (guard) return guard;
  throw problem("option-invalid", {
    option: "--override",
    value: name,
    wanted: `one of ${GUARD_NAMES.join(", ")}`,
  });
}

function requireOneChoice({ sha, latestValidated }: Options): void {
  const chosen = [sha !== undefined, latestValidated ?? false].filter(Boolean).length;
  if (chosen !== 1)
    throw problem("usage", { said: "give either --sha or --latest-validated", command: "promote" });
}

/** Chooses the release, and says which and why none that is newer. What it chose is verified like any other. */
async function latest(where: Surroundings, options: Options): Promise<string> {
  const entries = trusted(await ledgerOf(where).entries(), where.environment.name);
  const { sha, timestamp, passedOver } = await latestValidated(
    await placesOf(where, options),
    entries,
    where.environment,
  );
  const say = speaker(options.json ?? false);
  for (const each of passedOver) say(`${each.sha.slice(0, 7)} is passed over: ${each.because}`);
  say(`The latest is ${sha}, committed ${timestamp}.`);
  return sha;
}
