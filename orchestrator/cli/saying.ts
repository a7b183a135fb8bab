import { sayDuration } from "../duration.ts";
import { type AlarmStates, type Count, type Sighting, sayOdds } from "../promotion/sighting.ts";
import type { TrafficLine } from "../promotion/traffic.ts";

// The figures of a promotion in the few words that a line of progress has room for.

/** Names that are told; of more there are too many to be read. */
const MOST_NAMES = 3;

/** `7 OK, 1 firing (x-errors), 2 without data (a, b)` */
export function sayAlarms(alarms: AlarmStates | null): string {
  if (!alarms) return "not readable";
  const { ok, firing, noData } = alarms;
  const parts = [`${ok} OK`];
  if (firing.length > 0) parts.push(`${firing.length} firing (${sayNames(firing)})`);
  if (noData.length > 0) parts.push(`${noData.length} without data (${sayNames(noData)})`);
  return parts.join(", ");
}

function sayNames(names: string[]): string {
  const more = names.length - MOST_NAMES;
  return names.slice(0, MOST_NAMES).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** What the new version, the old one and the URL answered: all functions of a version together. */
export function sayProbes(asked: Sighting["asked"]): string[] {
  const { before, users, ...candidate } = asked;
  const news = Object.values(candidate);
  const sides: [string, Count[]][] = [
    ["new", news],
    ["old", before ? [before] : []],
    ["URL", users ? [users] : []],
  ];
  return sides.flatMap(([who, counts]) => (counts.length === 0 ? [] : `${who} ${goodAndBad(counts)}`));
}

function goodAndBad(counts: Count[]): string {
  const sum = (of: (count: Count) => number) => counts.reduce((total, count) => total + of(count), 0);
  const bad = sum((count) => count.bad);
  return `${sum(({ answers }) => answers) - bad} good${bad > 0 ? ` ${bad} bad` : ""}`;
}

const CALLED: Record<string, string> = { users: "the URL", slowness: "its speed" };

/** What the test says so far, and of whom where it is not good. */
export function sayEvidence({ says, weight, of }: Sighting["evidence"]): string {
  const suspect = weight > 0 ? ` (${CALLED[of] ?? of})` : "";
  return `${says}: ${sayOdds(weight)}${suspect}`;
}

export const sayTime = ({ leftMs }: NonNullable<Sighting["time"]>): string =>
  leftMs > 0 ? `${sayDuration(leftMs)} to go` : `prolonged by ${sayDuration(-leftMs)}`;

/** One function's traffic: what the release that is promoted has of it, and which versions there are. */
export type Flow = { name: string; share: number; to: string; rest: string | undefined };

/** The traffic of each function, seen from a release; one without a name is the one that has most of it. */
export function flowsOf(traffic: TrafficLine[], sha: string): Flow[] {
  const names = [...new Set(traffic.map((line) => line.function))];
  return names.map((name) => {
    const lines = traffic.filter((line) => line.function === name).toSorted((a, b) => b.weight - a.weight);
    const wanted = sha === "" ? lines[0] : lines.find((line) => line.sha === sha);
    const rest = lines.find((line) => line !== wanted)?.version;
    if (wanted) return { name, share: wanted.weight, to: wanted.version, rest };
    return { name, share: 0, to: "none", rest };
  });
}

/** `10 % on 673b7b7 (analysis 2, dashboard 2)`: functions alike together; where a release has nothing, who has it instead. */
export function sayTraffic(traffic: TrafficLine[], sha: string): string {
  const told = [...Map.groupBy(traffic, (line) => line.function).values()].map((lines) => {
    const most = lines.toSorted((a, b) => b.weight - a.weight)[0];
    return (lines.find((line) => line.sha === sha) ?? most) as TrafficLine;
  });
  const alike = Map.groupBy(
    told,
    (line) => `${percent(line.weight)} on ${line.sha?.slice(0, 7) ?? "unknown"}`,
  );
  const said = [...alike].map(
    ([share, lines]) => `${share} (${sayNames(lines.map((line) => `${line.function} ${line.version}`))})`,
  );
  return said.join("; ");
}

export const percent = (share: number): string => `${Math.round(share * 100)} %`;
