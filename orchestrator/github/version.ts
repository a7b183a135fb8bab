import type { UPDATES } from "./policy.ts";

export type Step = (typeof UPDATES)[number] | "none" | "down" | "unknown";

type Version = [major: number, minor: number, patch: number];

/** A whole version, perhaps with the sign of a range before it. What is not finished (`-beta.1`) is none. */
function versionOf(text: unknown): { sign: string; version: Version } | undefined {
  const match = typeof text === "string" ? /^([~^]?)(\d+)\.(\d+)\.(\d+)$/.exec(text) : null;
  if (!match) return undefined;
  return { sign: match[1] ?? "", version: [Number(match[2]), Number(match[3]), Number(match[4])] };
}

export const isVersion = (text: unknown): boolean => versionOf(text)?.sign === "";

/** How far it is from one version to another. Before 1.0.0 the second number is what promises nothing. */
export function stepBetween(before: unknown, after: unknown): Step {
  const [from, to] = [versionOf(before), versionOf(after)];
  if (!from || !to || from.sign !== to.sign) return "unknown";
  const changed = from.version.findIndex((part, index) => part !== to.version[index]);
  if (changed === -1) return "none";
  if ((to.version[changed] as number) < (from.version[changed] as number)) return "down";
  if (changed === 0) return "major";
  if (changed === 1) return from.version[0] === 0 ? "major" : "minor";
  return "patch";
}
