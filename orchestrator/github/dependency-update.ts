import canonicalize from "canonicalize";
import { judgeLock, type Lock } from "./lock-update.ts";
import { type Objection, objection, unless } from "./objection.ts";
import { stepBetween } from "./version.ts";

/** The texts of a project's manifest and lock at one commit. */
export type Texts = { manifest: string; lock: string };
export type Update = { name: string; from: string; to: string; step: string };

const SECTIONS = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"] as const;
type Manifest = Partial<Record<(typeof SECTIONS)[number], Record<string, unknown>>>;

/**
 * Judges what a change of manifest and lock does, by the two texts and by nothing that was said of it.
 * @param allowed the steps that a version may take
 */
export function judgeUpdate(
  before: Texts,
  after: Texts,
  allowed: readonly string[],
): { updates: Update[]; objections: Objection[] } {
  const read = [before.manifest, after.manifest, before.lock, after.lock].map(parsed);
  if (read.some((each) => each === undefined))
    return { updates: [], objections: [objection("unreadable", "manifest or lock is no JSON document")] };
  const [old, now, oldLock, lock] = read as [Manifest, Manifest, Lock, Lock];
  const updates = SECTIONS.flatMap((section) => updatesIn(old[section] ?? {}, now[section] ?? {}));
  const objections = [
    ...unless(
      outside(old) === outside(now),
      "manifest-otherwise",
      "the manifest changes beside its versions",
    ),
    ...updates.flatMap((update) => judge(update, allowed)),
    ...unless(sameRoot(now, lock), "lock-differs", "the lock was not made for this manifest"),
    ...updates.flatMap(({ name, to }) => judgeInstalled(name, to, lock)),
    ...judgeLock(oldLock, lock, allowed),
  ];
  const nothing = canonicalize(oldLock.packages) === canonicalize(lock.packages);
  if (nothing) objections.push(objection("no-update", "no version changes"));
  return { updates, objections };
}

function parsed(text: string): object | undefined {
  try {
    const document = JSON.parse(text);
    return typeof document === "object" && document !== null ? document : undefined;
  } catch {
    return undefined;
  }
}

/** Everything of a manifest but the versions of what it depends on. */
const outside = (manifest: Manifest) =>
  canonicalize({ ...manifest, ...Object.fromEntries(SECTIONS.map((section) => [section, undefined])) });

function updatesIn(before: Record<string, unknown>, after: Record<string, unknown>): Update[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names
    .filter((name) => before[name] !== after[name])
    .map((name) => ({
      name,
      from: String(before[name] ?? "nothing"),
      to: String(after[name] ?? "nothing"),
      step: stepBetween(before[name], after[name]),
    }));
}

const judge = ({ name, from, to, step }: Update, allowed: readonly string[]) =>
  unless(allowed.includes(step), "update-too-far", `${name} goes from ${from} to ${to} (${step})`);

/** The lock repeats what the manifest asks for. */
const sameRoot = (manifest: Manifest, lock: Lock) => {
  const root = (lock.packages?.[""] ?? {}) as Manifest;
  return SECTIONS.every(
    (section) => canonicalize(manifest[section] ?? {}) === canonicalize(root[section] ?? {}),
  );
};

/** What is installed must be what the manifest's new version says. */
function judgeInstalled(name: string, to: string, lock: Lock): Objection[] {
  const installed = lock.packages?.[`node_modules/${name}`]?.version;
  const fits = ["none", "patch", "minor"].includes(stepBetween(to.replace(/^[~^]/, ""), installed));
  const exact = /^\d/.test(to);
  return unless(
    exact ? installed === to : fits,
    "lock-differs",
    `the lock has ${name} ${installed}, not ${to}`,
  );
}
