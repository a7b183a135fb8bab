import { parseDuration } from "../duration.ts";

/** One stage of a shift: the share of requests, in percent, that the new version gets, and for how long. */
export type Stage = { percent: number; holdMs: number };

/**
 * Reads a traffic strategy: `all-at-once`, `canary:10%/5m` (a share for a while, then everything) or
 * `linear:10%/1m` (that share more at each interval). The last stage is always 100 % and is not held: the watch
 * that follows holds it. Undefined when the text is none of these.
 */
export function parseStrategy(text: string): Stage[] | undefined {
  if (text === "all-at-once") return [{ percent: 100, holdMs: 0 }];
  const match = /^(canary|linear):(\d{1,2})%\/(.+)$/.exec(text);
  const share = Number(match?.[2]);
  const holdMs = parseDuration(match?.[3] ?? "");
  if (!match || share < 1 || holdMs === undefined) return undefined;
  const stages: Stage[] = [];
  const last = match[1] === "canary" ? share : 99;
  for (let percent = share; percent <= last; percent += share) stages.push({ percent, holdMs });
  return [...stages, { percent: 100, holdMs: 0 }];
}
