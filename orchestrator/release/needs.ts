import type { Engine } from "../ports/engine.ts";
import type { Problem } from "../problem.ts";
import type { Manifest } from "./manifest.ts";
import { releaseProblem } from "./problems.ts";

/**
 * What of the packages that a release's infra program imports does not fit what is installed; undefined when all fit. A
 * package fits in the major version it was locked at, not older: an earlier release must still be able to run after a
 * minor update, or nothing could go back over one.
 */
export async function misfit(
  engine: Pick<Engine, "installed">,
  { sha, needs = {} }: Manifest,
): Promise<Problem | undefined> {
  const names = Object.keys(needs).sort();
  if (names.length === 0) return undefined;
  const installed = await engine.installed(names);
  for (const name of names) {
    const wanted = needs[name] ?? "";
    const found = installed[name] ?? "none";
    if (!fits(wanted, found)) return releaseProblem("dependency-misfit", { sha, name, wanted, found });
  }
  return undefined;
}

function fits(wanted: string, found: string): boolean {
  const [[major, ...wantedRest], [foundMajor, ...foundRest]] = [numbersOf(wanted), numbersOf(found)];
  if (wanted === found) return true;
  if (major === undefined || major !== foundMajor) return false;
  const differing = wantedRest.findIndex((number, place) => number !== foundRest[place]);
  return differing < 0 || (foundRest[differing] ?? 0) > (wantedRest[differing] ?? 0);
}

/** The numbers of a version, without what follows them: 3.248.0-alpha.1 is taken for 3.248.0. */
const numbersOf = (version: string) =>
  (/^\d+\.\d+\.\d+/.exec(version)?.[0] ?? "").split(".").filter(Boolean).map(Number);
