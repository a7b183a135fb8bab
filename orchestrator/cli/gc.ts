import Table from "cli-table3";
import { lambdaVersions } from "../adapters/lambda-versions.ts";
import { s3Artifacts } from "../adapters/s3-artifacts.ts";
import { systemClock } from "../adapters/system-clock.ts";
import { type KeepingPorts, planRemoval, type RemovalPlan } from "../keeping/plan.ts";
import { type Keeping, removeReleases } from "../keeping/remove.ts";
import { composeContender, ledgerOf } from "./compose.ts";
import { stopOnInterrupt } from "./interrupt.ts";
import { speaker } from "./progress.ts";
import { durationOption, type Surroundings, surroundings, type Where } from "./surroundings.ts";

type Options = Where & { dryRun?: boolean; wait?: string; json?: boolean };

/** Removes what the rules let go. A dry run prints the same, and changes nothing. */
export async function gcCommand(options: Options): Promise<void> {
  const { dryRun = false, json = false } = options;
  const waitMs = durationOption("--wait", options.wait) ?? 0;
  const where = await surroundings(options);
  const { environment } = where;
  const ports = portsFor(where);
  const plan = dryRun
    ? await planRemoval(ports, environment)
    : await removeReleases(await keepingOf(where, ports, waitMs, json));
  process.stdout.write(json ? `${JSON.stringify({ env: environment.name, ...plan })}\n` : table(plan));
  if (dryRun) speaker(json)("A dry run: nothing was removed.");
}

const portsFor = (where: Surroundings): KeepingPorts => ({
  clock: systemClock,
  store: s3Artifacts(where.environment.promotion.packages, where.access),
  ledger: ledgerOf(where),
  versions: lambdaVersions(where.access),
});

/** The first interrupt stops it after the removal under way; the second ends the process. */
async function keepingOf(
  where: Surroundings,
  ports: KeepingPorts,
  waitMs: number,
  json: boolean,
): Promise<Keeping> {
  const said = "Stopping after what is being removed; once more ends at once.\n";
  const stopping = stopOnInterrupt(new Error("it was interrupted"), said);
  return { ...(await composeContender(where, { waitMs, json }, stopping)), ports };
}

/** One row for each release: what goes first, then what stays. */
function table({ removed, kept }: RemovalPlan): string {
  const rows = new Table({ head: ["release", "", "why", "with it"], style: { head: [], border: [] } });
  for (const { sha, because, keys, versions } of removed) {
    const names = versions.map(({ functionName, version }) => `${functionName}:${version}`);
    rows.push([sha.slice(0, 7), "goes", because, [`${keys.length} objects`, ...names].join("\n")]);
  }
  for (const { sha, because } of kept) rows.push([sha.slice(0, 7), "stays", because, ""]);
  const counts = `${removed.length} go, ${kept.length} stay\n`;
  return rows.length === 0 ? "there is no release to remove or to keep\n" : `${rows.toString()}\n${counts}`;
}
