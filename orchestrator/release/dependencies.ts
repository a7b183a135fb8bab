import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { releaseProblem } from "./problems.ts";

type Lockfile = { packages?: Record<string, { version?: string }> };

/**
 * Holds every dependency that went into a bundle against the commit's lock file: what is installed may belong to
 * another commit. Throws the problem dependency-differs.
 */
export async function requireLockedVersions(
  checkout: string,
  lockfile: Buffer,
  inputs: string[],
): Promise<void> {
  const locked = (JSON.parse(lockfile.toString("utf8")) as Lockfile).packages ?? {};
  for (const place of packagesOf(inputs)) {
    const installed = JSON.parse(await readFile(join(checkout, place, "package.json"), "utf8")) as {
      version: string;
    };
    const wanted = locked[place]?.version ?? "none";
    if (installed.version !== wanted) {
      const name = place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length);
      throw releaseProblem("dependency-differs", { name, wanted, installed: installed.version });
    }
  }
}

function packagesOf(inputs: string[]): Set<string> {
  const places = inputs.map((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0]);
  return new Set(places.filter((place) => place !== undefined));
}
