import type pc from "picocolors";
import type { Sighting } from "../promotion/sighting.ts";
import type { TrafficLine } from "../promotion/traffic.ts";
import { type Flow, flowsOf, percent, sayAlarms, sayEvidence, sayProbes, sayTime } from "./saying.ts";

/** What there is to see of a step that goes on. */
export type Scene = { sha: string; note?: string; traffic?: TrafficLine[]; look?: Sighting };

export type Paint = Pick<typeof pc, "green" | "red" | "dim">;

/** More bars than these would push the steps off the screen. */
const MOST_BARS = 6;
const LONGEST_BAR = 24;
/** A shorter one shows nothing. */
const SHORTEST_BAR = 5;
const LONGEST_NAME = 16;

/** A scene as lines, none of them wider than `width` columns. */
export function linesOf({ sha, note, traffic, look }: Scene, width: number, paint: Paint): string[] {
  const lines: string[] = [];
  if (traffic && traffic.length > 0) lines.push(...bars(flowsOf(traffic, sha), width, paint));
  if (look) lines.push(...looks(look, width, paint));
  if (lines.length === 0 && note) lines.push(fitted(note, width));
  return lines;
}

function looks({ time, alarms, asked, evidence, lacks }: Sighting, width: number, paint: Paint): string[] {
  const lines: string[] = [];
  if (time) lines.push(countdown(time, width, paint));
  if (alarms !== undefined) {
    const said = fitted(`alarms ${sayAlarms(alarms)}`, width);
    lines.push(!alarms || alarms.firing.length > 0 ? paint.red(said) : said);
  }
  lines.push(...flowed(["probes", ...sayProbes(asked)], width));
  const said = fitted(sayEvidence(evidence), width);
  lines.push(evidence.says === "harmful" ? paint.red(said) : said);
  if (lacks && time && time.leftMs <= 0) lines.push(fitted(`waits: ${lacks}`, width));
  return lines;
}

function countdown({ forMs, leftMs }: NonNullable<Sighting["time"]>, width: number, paint: Paint): string {
  const said = sayTime({ forMs, leftMs });
  const done = forMs > 0 ? Math.min(1, Math.max(0, 1 - leftMs / forMs)) : 1;
  return `${bar(done, width - said.length - 1, paint)} ${fitted(said, width)}`.trim();
}

/** A bar for each function; where there are too many, one for all that have the same share. */
function bars(flows: Flow[], width: number, paint: Paint): string[] {
  if (flows.length <= MOST_BARS) return drawn(flows, width, paint);
  const grouped = [...Map.groupBy(flows, ({ share }) => share)].map(
    ([share, all]): Flow => ({ name: `${all.length} functions`, share, to: "", rest: "" }),
  );
  return drawn(grouped.slice(0, MOST_BARS), width, paint);
}

function drawn(flows: Flow[], width: number, paint: Paint): string[] {
  const longest = Math.min(LONGEST_NAME, Math.max(...flows.map(({ name }) => name.length)));
  return flows.map((flow) => {
    const { name, share } = flow;
    const short = fitted(name, longest).padEnd(longest);
    const inFull = sayFlow(flow, " on ");
    const said = short.length + inFull.length + SHORTEST_BAR + 2 <= width ? inFull : sayFlow(flow, " ");
    const room = width - short.length - said.length - 2;
    const parts = [short, bar(share, room, paint), said].filter((part) => part !== "");
    return room >= SHORTEST_BAR ? parts.join(" ") : fitted(`${short} ${said}`, width);
  });
}

/** `10 % on v3, 90 % on v2`, or shorter: `10 % v3, 90 % v2`; of several functions `10 % new, 90 % old` */
function sayFlow({ share, to, rest }: Flow, on: string): string {
  const sides: [number, string][] = [
    [share, to ? `${on}v${to}` : " new"],
    [1 - share, rest ? `${on}v${rest}` : " old"],
  ];
  const told = sides.filter(([part]) => part > 0);
  return told.map(([part, where]) => `${percent(part)}${where}`).join(", ");
}

/** Full for the new version, light for the old: to be told apart without colours too. */
function bar(share: number, room: number, paint: Paint): string {
  const length = Math.min(LONGEST_BAR, room);
  if (length < SHORTEST_BAR) return "";
  // What has any share is seen, and so is what is left of the other.
  const rounded = Math.round(share * length);
  const full = share <= 0 ? 0 : share >= 1 ? length : Math.min(length - 1, Math.max(1, rounded));
  return paint.green("█".repeat(full)) + paint.dim("░".repeat(length - full));
}

/** Parts side by side as far as there is room, the rest below. */
function flowed(parts: string[], width: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const joined = `${last}${lines.length === 1 && last === parts[0] ? " " : ", "}${part}`;
    if (last !== undefined && joined.length <= width) lines[lines.length - 1] = joined;
    else lines.push(fitted(part, width));
  }
  return lines;
}

/** A text on one line, cut where there is no more room. What could move a terminal's cursor is no text. */
function fitted(text: string, width: number): string {
  const line = text.replaceAll(/\p{Cc}+/gu, " ").trim();
  return line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`;
}
