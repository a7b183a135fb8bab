import canonicalize from "canonicalize";
import { type Objection, objection, unless } from "./objection.ts";
import { isVersion, type Step, stepBetween } from "./version.ts";

type Entry = {
  version?: unknown;
  integrity?: unknown;
  resolved?: unknown;
  link?: unknown;
  name?: unknown;
  hasInstallScript?: unknown;
};
export type Lock = { packages?: Record<string, Entry> };

const nameIn = (path: string) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);

const originOf = (address: unknown): string =>
  typeof address === "string" && URL.canParse(address) ? new URL(address).origin : String(address);

/**
 * What speaks against a new lock: a package from elsewhere, bytes that are not pinned or were exchanged, code that runs on
 * installing, or a step that is too wide. The root's own entry is judged with the manifest.
 */
export function judgeLock(before: Lock, after: Lock, allowed: readonly string[]): Objection[] {
  const [old, now] = [before.packages ?? {}, after.packages ?? {}];
  const rest = (lock: Lock) => canonicalize({ ...lock, packages: undefined });
  const known = new Set(Object.values(old).flatMap(({ resolved }) => (resolved ? [originOf(resolved)] : [])));
  const objections = unless(
    rest(before) === rest(after),
    "lock-otherwise",
    "the lock changes beside its packages",
  );
  for (const [path, entry] of Object.entries(now)) {
    const was = Object.hasOwn(old, path) ? old[path] : undefined;
    if (path !== "" && canonicalize(was) !== canonicalize(entry))
      objections.push(...judgeEntry(path, was, entry, { known, allowed }));
  }
  return objections;
}

function judgeEntry(
  path: string,
  was: Entry | undefined,
  entry: Entry,
  { known, allowed }: { known: Set<string>; allowed: readonly string[] },
): Objection[] {
  const name = nameIn(path);
  const { version, integrity, link, resolved, hasInstallScript } = entry;
  const script = hasInstallScript !== undefined && hasInstallScript === was?.hasInstallScript;
  return [
    ...unless(/^node_modules\/|\/node_modules\//.test(path) && !link, "lock-link", `${path} is no package`),
    ...unless(isVersion(version), "lock-version", `${name} has no plain version: ${String(version)}`),
    ...unless(
      entry.name === undefined || entry.name === name,
      "lock-alias",
      `${name} is another package by its name`,
    ),
    ...unless(pins(integrity), "lock-unpinned", `${name} is not pinned by a strong digest`),
    ...unless(
      script || hasInstallScript === undefined,
      "lock-script",
      `${name} runs code when it is installed`,
    ),
    ...unless(
      comesAsBefore(name, entry, known),
      "lock-elsewhere",
      `${name} comes from elsewhere: ${originOf(resolved)}`,
    ),
    ...(was ? judgeStep(name, was, entry, allowed) : []),
  ];
}

const pins = (integrity: unknown) =>
  typeof integrity === "string" && /^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity);

/** No address is the registry that is configured. One that is given must be a registry known before, and this package there. */
function comesAsBefore(name: string, { resolved, version }: Entry, known: Set<string>): boolean {
  if (resolved === undefined) return true;
  if (typeof resolved !== "string" || !URL.canParse(resolved)) return false;
  const { origin, pathname, search, hash, username, password } = new URL(resolved);
  const file = `/${name}/-/${name.split("/").at(-1)}-${version}.tgz`;
  const plain = `${search}${hash}${username}${password}` === "";
  return known.has(origin) && plain && decodeURIComponent(pathname).endsWith(file);
}

function judgeStep(name: string, was: Entry, entry: Entry, allowed: readonly string[]): Objection[] {
  const step: Step = stepBetween(was.version, entry.version);
  if (step === "none")
    return unless(
      was.integrity === entry.integrity,
      "lock-exchanged",
      `${name} has other bytes under the same version`,
    );
  if (allowed.includes(step)) return [];
  return [objection("update-too-far", `${name} goes from ${was.version} to ${entry.version} (${step})`)];
}
