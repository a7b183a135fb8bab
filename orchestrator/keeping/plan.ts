import type { Environment } from "../environment.ts";
import type { Artifacts } from "../ports/artifacts.ts";
import type { Clock } from "../ports/clock.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { Versions } from "../ports/versions.ts";
import { Problem } from "../problem.ts";
import type { Entry, VersionName } from "../promotion/events.ts";
import { trusted } from "../promotion/history.ts";
import { readManifest } from "../release/load.ts";
import { codeSha256, functionParts } from "../release/manifest.ts";
import { type Candidate, type Verdict, verdicts } from "./rules.ts";
import { type StoredRelease, storedReleases } from "./stored.ts";
import {
  type FunctionVersions,
  type OldVersion,
  oldVersions,
  ownersBy,
  publishedReleases,
  servingReleases,
} from "./versions.ts";

/** The outside, as what looks after releases reaches it. */
export type KeepingPorts = { clock: Clock; store: Artifacts; ledger: Ledger; versions: Versions };

type Reasoned = { sha: string; because: string };

/** One release that goes, with all that goes with it. */
export type Removal = Reasoned & { keys: string[]; versions: VersionName[] };

/** What gc would do now: which releases go, with what, and which stay, each with the reason. */
export type RemovalPlan = { removed: Removal[]; kept: Reasoned[] };

/** Looks at the bucket, the ledger and the functions, and decides. Changes nothing. */
export async function planRemoval(ports: KeepingPorts, environment: Environment): Promise<RemovalPlan> {
  const { ledger, store, clock } = ports;
  const entries = trusted(await ledger.entries(), environment.name);
  const [stored, functions] = await Promise.all([storedReleases(store), publishedFunctions(ports, entries)]);
  const owners = ownersBy(entries, await codesOf(store, stored));
  const serving = servingReleases(functions, owners);
  const candidates = candidatesAmong(stored, entries, serving);
  const decided = verdicts(candidates, entries, clock.now(), environment.promotion);
  const goes = new Set(decided.filter(({ keep }) => !keep).map(({ sha }) => sha));
  const old = oldVersions(functions, owners, goes);
  const there = new Set(stored.map(({ sha }) => sha));
  return {
    removed: decided.filter(({ keep }) => !keep).flatMap((verdict) => removalOf(verdict, stored, old)),
    kept: decided
      .filter(({ sha, keep }) => keep && there.has(sha))
      .map(({ sha, because }) => ({ sha, because })),
  };
}

async function publishedFunctions({ versions }: KeepingPorts, entries: Entry[]): Promise<FunctionVersions[]> {
  const names = publishedReleases(entries).flatMap(({ functions }) =>
    Object.values(functions).map(({ functionName }) => functionName),
  );
  const list = async (functionName: string) => ({
    functionName,
    versions: await versions.list(functionName),
  });
  return await Promise.all([...new Set(names)].sort().map(list));
}

/** The releases in the bucket that hold a code. A manifest that cannot be read speaks for none. */
async function codesOf(store: Artifacts, stored: StoredRelease[]): Promise<Map<string, string[]>> {
  const codes = new Map<string, string[]>();
  const read = stored.map(({ sha }) => readManifest(store, sha).catch(notValid));
  for (const found of await Promise.all(read))
    for (const part of Object.values(found ? functionParts(found.manifest) : {})) {
      const code = codeSha256(part);
      codes.set(code, [...(codes.get(code) ?? []), found?.manifest.sha ?? ""]);
    }
  return codes;
}

function notValid(error: unknown): undefined {
  if (!(error instanceof Problem)) throw error;
}

/** Every release of which there may be something to remove: bytes in the bucket, or versions that the ledger knows. */
function candidatesAmong(
  stored: StoredRelease[],
  entries: Entry[],
  serving: ReadonlySet<string>,
): Candidate[] {
  const since = new Map(stored.map((each) => [each.sha, each.since]));
  const known = new Set([...since.keys(), ...publishedReleases(entries).map(({ sha }) => sha)]);
  return [...known].sort().map((sha) => ({ sha, since: since.get(sha), serves: serving.has(sha) }));
}

/** A version goes with the first of its releases; nothing goes of a release of which nothing is left. */
function removalOf({ sha, because }: Verdict, stored: StoredRelease[], old: OldVersion[]): Removal[] {
  const keys = stored.find((each) => each.sha === sha)?.keys ?? [];
  const versions = old
    .filter(({ shas }) => shas[0] === sha)
    .map(({ functionName, version }) => ({ functionName, version }));
  return keys.length + versions.length === 0 ? [] : [{ sha, because, keys, versions }];
}
