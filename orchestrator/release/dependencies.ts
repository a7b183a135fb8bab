import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { releaseProblem } from "./problems.ts";

const LOCKFILE = z.object({ packages: z.record(z.string(), z.object({ version: z.string().optional() })) });

/** What the commit's lock file says: the version of each package, by its place such as `node_modules/esbuild`. */
export type Locked = Record<string, string | undefined>;

/** Reads a lock file of npm. One that does not say anything locks nothing. */
export function lockedVersions(lockfile: Buffer): Locked {
  const { data } = LOCKFILE.safeParse(JSON.parse(lockfile.toString("utf8")));
  const entries = Object.entries(data?.packages ?? {});
  return Object.fromEntries(entries.map(([place, { version }]) => [place, version]));
}

/**
 * Holds every dependency that went into a bundle against the commit's lock file: what is installed may belong to
 * another commit. Throws the problem dependency-differs.
 */
export async function requireLockedVersions(
  checkout: string,
  locked: Locked,
  inputs: string[],
): Promise<void> {
  const installed = [...placesOf(inputs)].map(async (place) => {
    const { version } = JSON.parse(await readFile(join(checkout, place, "package.json"), "utf8"));
    return [place, String(version)] as const;
  });
  for (const [place, version] of await Promise.all(installed)) requireLocked(locked, place, version);
}

/** Holds the tools that make the bytes against the commit's lock file, as its dependencies are. */
export function requireLockedTools(locked: Locked, tools: Record<string, string>): void {
  for (const [name, version] of Object.entries(tools))
    requireLocked(locked, `node_modules/${name}`, version.replace(/^v/, ""));
}

/**
 * The locked versions of packages that a bundle does not hold but imports where it runs, by package. Modules of Node are
 * not among them. Throws the problem dependency-differs when the lock file does not know one.
 */
export function versionsOf(locked: Locked, imports: string[]): Record<string, string> {
  const names = imports.filter((name) => !name.startsWith("node:")).map((path) => packageOf(path));
  const entries = [...new Set(names)].sort().map((name) => {
    const version = locked[`node_modules/${name}`];
    if (version === undefined)
      throw releaseProblem("dependency-differs", { name, wanted: "none", installed: "one" });
    return [name, version] as const;
  });
  return Object.fromEntries(entries);
}

function requireLocked(locked: Locked, place: string, installed: string): void {
  const wanted = locked[place] ?? "none";
  if (installed === wanted) return;
  const name = place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length);
  throw releaseProblem("dependency-differs", { name, wanted, installed });
}

const packageOf = (path: string) => /^(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path;

function placesOf(inputs: string[]): Set<string> {
  const places = inputs.map((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0]);
  return new Set(places.filter((place) => place !== undefined));
}
