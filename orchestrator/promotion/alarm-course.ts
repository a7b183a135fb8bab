import type { Alarm } from "../ports/alarms.ts";

/** A reading, by when it was taken (milliseconds since the first question) and what it said of one alarm. */
type Moment = [atMs: number, state: string];

/** The states of the alarms over a watch, whole; what is recorded of it is less. */
export type AlarmCourse = { readings: number; unread: number; states: Map<string, Moment[]> };

/** What an entry may hold of it: CloudWatch's names have up to 255 characters, and an entry may not be larger than 400 KB. */
const MOST_ALARMS = 40;
const MOST_CHANGES = 40;

export const unseenAlarms = (): AlarmCourse => ({ readings: 0, unread: 0, states: new Map() });

/** Adds a reading; undefined where the alarms could not be read. An alarm that is not among them any more is missing. */
export function follow(course: AlarmCourse, alarms: Alarm[] | undefined, atMs: number): void {
  course.readings++;
  if (!alarms) {
    course.unread++;
    return;
  }
  const now = new Map(alarms.map(({ name, state, enabled }) => [name, enabled ? state : "disabled"]));
  for (const name of new Set([...course.states.keys(), ...now.keys()])) {
    const moments = course.states.get(name) ?? [];
    const state = now.get(name) ?? "missing";
    if (moments.at(-1)?.[1] !== state) moments.push([Math.round(atMs), state]);
    course.states.set(name, moments);
  }
}

/** Of so many alarms, those that were not always well, each with the changes of its state. */
export type AlarmRecord = {
  watched: number;
  readings: number;
  unread: number;
  states: Record<string, Moment[]>;
};

/** What a ledger keeps of a course: bounded, what fired before what only had no data. */
export function recordOf({ readings, unread, states }: AlarmCourse): AlarmRecord {
  const told = [...states].filter(([, moments]) => moments.some(([, state]) => state !== "OK"));
  const fired = ([, moments]: [string, Moment[]]) => moments.some(([, state]) => state === "ALARM");
  const first = told.toSorted((a, b) => Number(fired(b)) - Number(fired(a))).slice(0, MOST_ALARMS);
  return { watched: states.size, readings, unread, states: Object.fromEntries(first.map(cut)) };
}

/** One that changes all the time is told by how it began; where it ended stays, too. */
function cut([name, moments]: [string, Moment[]]): [string, Moment[]] {
  if (moments.length <= MOST_CHANGES) return [name, moments];
  return [name, [...moments.slice(0, MOST_CHANGES - 1), moments.at(-1) as Moment]];
}
