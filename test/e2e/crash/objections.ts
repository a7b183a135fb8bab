import { brokenLink, openPromotions, promotedReleases } from "../../../orchestrator/promotion/history.ts";
import type { Document } from "../promotions.ts";
import type { Seen } from "./look.ts";
import type { Witness } from "./mortal-compose.ts";

/** What the command that came after the death has to show for itself. */
export type After = {
  seen: Seen;
  code: number | null;
  document: Document;
  /** The release that must have all the traffic. */
  wanted: string;
  /** Exit codes that are right, each with the outcome that belongs to it. */
  ends: Record<number, string[]>;
};

/** Everything that is not as it must be after a death and one run more; empty when it converged. */
export function objections(before: Seen, witnesses: Witness[], after: After): string[] {
  return [
    ...ofTheEnd(after),
    ...ofTheTraffic(after),
    ...ofThePublishing(before, after.seen),
    ...ofTheLedger(before, witnesses, after.seen),
    ...ofTheStack(after.seen),
  ];
}

const when = (bad: boolean, told: string): string[] => (bad ? [told] : []);

function ofTheEnd({ code, document, ends }: After): string[] {
  const { outcome, reason } = document;
  const right = code !== null && outcome !== null && ends[code]?.includes(outcome);
  return when(!right, `it ended with ${code}, ${outcome}: ${reason?.message}`);
}

function ofTheTraffic({ seen, wanted }: After): string[] {
  const release = promotedReleases(seen.entries)[0];
  const told = when(release?.sha !== wanted, `the last promoted release is ${release?.sha}, not ${wanted}`);
  told.push(...when(seen.answers !== wanted, `the service answers as ${seen.answers}, not ${wanted}`));
  for (const { functionName, version, codeSha256 } of Object.values(release?.functions ?? {})) {
    const { weights = {}, versions = {} } = seen.functions[functionName] ?? {};
    told.push(
      ...when(weights[version] !== 1, `${functionName}: ${JSON.stringify(weights)}, not all on ${version}`),
      ...when(versions[version] !== codeSha256, `${functionName}:${version} is other code than was promoted`),
    );
  }
  return told;
}

/** However often it was tried, each code was published once at most. */
function ofThePublishing(before: Seen, after: Seen): string[] {
  return Object.entries(after.functions).flatMap(([name, { versions }]) => {
    const known = before.functions[name]?.versions ?? {};
    const digests = Object.keys(versions)
      .filter((version) => !(version in known))
      .map((version) => versions[version]);
    return when(new Set(digests).size < digests.length, `${name}: the same code was published twice`);
  });
}

function ofTheLedger(before: Seen, witnesses: Witness[], { entries, lease }: Seen): string[] {
  const hashes = new Set(entries.map(({ hash }) => hash));
  const lost = [
    ...before.entries.map(({ hash }) => hash),
    ...witnesses.flatMap(({ hash }) => hash ?? []),
  ].filter((hash) => !hashes.has(hash));
  return [
    ...when(lost.length > 0, `${lost.length} entries of the ledger are lost`),
    ...when(brokenLink(entries) !== undefined, `the chain breaks at entry ${brokenLink(entries)}`),
    ...when(openPromotions(entries).length > 0, "a promotion is still open"),
    ...when(lease !== undefined, `the lease is still held by ${lease?.holder.run}`),
  ];
}

function ofTheStack({ locks, pending, functions, answers }: Seen): string[] {
  const running = Object.entries(functions).filter(([, { latest, versions, weights }]) => {
    const [version = ""] = Object.keys(weights).filter((each) => weights[each] === 1);
    return versions[version] !== latest;
  });
  return [
    ...when(locks.length > 0, `Pulumi's lock is left: ${locks.join(", ")}`),
    ...when(pending > 0, `${pending} operations of the stack are pending`),
    ...when(
      running.length > 0,
      `the stack is not as in ${answers}: ${running.map(([name]) => name).join(", ")}`,
    ),
  ];
}
