import Table from "cli-table3";
import { s3Artifacts } from "../adapters/s3-artifacts.ts";
import { systemClock } from "../adapters/system-clock.ts";
import { environmentNames } from "../environment.ts";
import { foreseen } from "../foreseen.ts";
import { Problem } from "../problem.ts";
import { trusted } from "../promotion/history.ts";
import { type ReleaseLine, type Standing, type Survey, type Surveyed, survey } from "../promotion/survey.ts";
import { NO_ATTESTATION } from "../release/known.ts";
import { ledgerOf } from "./compose.ts";
import { ROOT, type Surroundings, surroundings } from "./surroundings.ts";

type Options = { env?: string; local?: boolean; json?: boolean };

/** An environment that these credentials may not look into. */
type Closed = { env: string; because: string };

export async function releasesCommand({ env, local, json }: Options): Promise<void> {
  const wanted = env === undefined ? environmentNames(ROOT) : [env];
  const open: Surveyed[] = [];
  const closed: Closed[] = [];
  let refusal: unknown;
  for (const name of wanted) {
    try {
      open.push(await lookInto(await surroundings({ env: name, local })));
    } catch (error) {
      const known = foreseen(error);
      if (!(known instanceof Problem) || known.code !== "credentials-refused") throw error;
      refusal ??= known;
      closed.push({ env: name, because: known.message });
    }
  }
  if (open.length === 0) throw refusal;
  const found = await survey(open, await requirements(local), systemClock.now());
  const names = open.map(({ name }) => name);
  if (json)
    process.stdout.write(`${JSON.stringify({ environments: names, notReached: closed, ...found })}\n`);
  else tell(found, names, closed);
}

async function lookInto(where: Surroundings): Promise<Surveyed> {
  const { name, promotion } = where.environment;
  const store = s3Artifacts(promotion.packages, where.access);
  const [entries, stored] = await Promise.all([ledgerOf(where).entries(), store.list("releases/")]);
  const keys = new Set(stored.map(({ key }) => key));
  return { name, store, keys, entries: trusted(entries, name) };
}

/** What any environment requires, by the keys of its own configuration. */
async function requirements(local: boolean | undefined) {
  const all = environmentNames(ROOT).map(async (env) => (await surroundings({ env, local })).environment);
  return (await Promise.all(all)).flatMap(({ promotion }) => promotion.requires);
}

function tell({ releases, unreadable }: Survey, names: string[], closed: Closed[]): void {
  for (const { env, because } of closed)
    process.stderr.write(`${env} is left out: these credentials may not look into it (${because})\n`);
  for (const { sha, because } of unreadable)
    process.stderr.write(`${sha.slice(0, 7)} is left out: ${because}\n`);
  const rows = new Table({
    head: ["committed", "release", "author", "attested", ...names],
    style: { head: [], border: [] },
  });
  for (const line of releases)
    rows.push([
      line.timestamp,
      line.sha.slice(0, 7),
      line.author,
      attested(line),
      ...names.map((name) => standing(line.environments[name])),
    ]);
  process.stdout.write(releases.length === 0 ? "no release yet\n" : `${rows.toString()}\n`);
}

const attested = ({ attestations }: ReleaseLine) =>
  attestations
    .filter(({ because }) => because !== NO_ATTESTATION)
    .map(({ attestation, because }) => (because === null ? attestation : `not ${attestation}: ${because}`))
    .join("\n");

function standing(of: Standing | undefined): string {
  if (!of) return "";
  const { running, promoted, stored, quarantined, held } = of;
  return [
    running && "runs",
    promoted && `promoted ${promoted.slice(0, 10)}`,
    stored && !promoted && "in the bucket",
    !stored && promoted && "not in the bucket",
    quarantined && "quarantined",
    held && "held",
  ]
    .filter(Boolean)
    .join(", ");
}
