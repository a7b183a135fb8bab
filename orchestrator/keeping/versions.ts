import type { PublishedVersion } from "../ports/versions.ts";
import type { Entry, RunningRelease, VersionName } from "../promotion/events.ts";

/** A function and what is published of it. */
export type FunctionVersions = { functionName: string; versions: PublishedVersion[] };

/** A published version that goes, and the releases it belongs to, which all go. */
export type OldVersion = VersionName & { shas: string[] };

/** Tells the releases that a published version belongs to. */
export type Owners = (functionName: string, version: PublishedVersion) => string[];

/** Every release that the ledger says was published, as often as it says it. */
export function publishedReleases(entries: Entry[]): RunningRelease[] {
  return entries.flatMap(({ event }) => {
    if (event.type === "release-published") return [event.release];
    return event.type === "promotion-ended" && event.running ? [event.running] : [];
  });
}

/**
 * A version belongs to every release that published it, by the ledger, and to every release whose code it has: an update
 * that failed half-way, or that took the stack back, publishes too and records nothing.
 * @param codes the releases in the bucket that hold a code, by its base64 SHA-256
 */
export function ownersBy(entries: Entry[], codes: Map<string, string[]>): Owners {
  const owners = new Map<string, Set<string>>();
  const add = (what: string, sha: string) => owners.set(what, (owners.get(what) ?? new Set()).add(sha));
  for (const { sha, functions } of publishedReleases(entries))
    for (const { functionName, version, codeSha256 } of Object.values(functions)) {
      add(`${functionName} version ${version}`, sha);
      add(`${functionName} code ${codeSha256}`, sha);
    }
  return (functionName, { version, codeSha256 }) => {
    const recorded = [`${functionName} version ${version}`, `${functionName} code ${codeSha256}`];
    const all = [
      ...recorded.flatMap((what) => [...(owners.get(what) ?? [])]),
      ...(codes.get(codeSha256) ?? []),
    ];
    return [...new Set(all)].sort();
  };
}

/** The releases that some alias sends requests to. */
export function servingReleases(functions: FunctionVersions[], owners: Owners): Set<string> {
  const serving = functions.flatMap(({ functionName, versions }) =>
    versions.filter(({ aliases }) => aliases.length > 0).flatMap((each) => owners(functionName, each)),
  );
  return new Set(serving);
}

/**
 * The versions that go with the releases that go. One stays if a release it belongs to stays, if it belongs to none, if an
 * alias names it, and if it is its function's newest: that is the one the stack's state refers to.
 */
export function oldVersions(
  functions: FunctionVersions[],
  owners: Owners,
  removed: ReadonlySet<string>,
): OldVersion[] {
  return functions.flatMap(({ functionName, versions }) => {
    const newest = Math.max(...versions.map(({ version }) => Number(version)));
    return versions.flatMap((each) => {
      if (each.aliases.length > 0 || Number(each.version) === newest) return [];
      const shas = owners(functionName, each);
      const goes = shas.length > 0 && shas.every((sha) => removed.has(sha));
      return goes ? [{ functionName, version: each.version, shas }] : [];
    });
  });
}
