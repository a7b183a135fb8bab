import type { Alarm } from "../ports/alarms.ts";
import type { RunningRelease } from "./events.ts";
import type { Findings } from "./promotion.ts";

/** The alarms of an environment as they were read first and last; a reading that failed is none. */
export type Readings = { first?: Map<string, Alarm>; last?: Alarm[] };

/** Why there is no evidence for the release. Some of that time can mend; an alarm that is gone, it cannot. */
export type Lack = { because: string; final: boolean };

/** Takes a reading. One that failed is not a pass: at the end the last one must be there. */
export function read(readings: Readings, alarms: Alarm[] | undefined): void {
  readings.last = alarms;
  readings.first ??= alarms && new Map(alarms.map((alarm) => [alarm.name, alarm]));
}

/**
 * What fires because of the release; undefined when nothing does. What fired before, with leave, is no evidence until it
 * was well once.
 */
export function firing(found: Findings, { last = [] }: Readings): string | undefined {
  const well = new Set(last.filter(({ state }) => state === "OK").map(({ name }) => name));
  const before = (found.firing ?? []).filter((name) => !well.has(name));
  found.firing = before;
  const fired = last.filter(({ name, state }) => state === "ALARM" && !before.includes(name));
  if (fired.length === 0) return undefined;
  return fired.map(({ name, reason }) => `${name} is in ALARM (${reason})`).join("; ");
}

/** Why the alarms cannot vouch for the release; undefined when they do. `whole`: at the end of a bake, where none may still fire. */
export function silence(
  found: Findings,
  { alarms }: Pick<RunningRelease, "alarms">,
  { first, last }: Readings,
  whole: boolean,
): Lack | undefined {
  if (!last) return { because: "the alarms could not be read", final: false };
  const before = found.firing ?? [];
  if (whole && before.length > 0)
    return { because: `${before.join(", ")} fired before the promotion and is not well yet`, final: false };
  for (const name of alarms) {
    const alarm = last.find((each) => each.name === name);
    if (!alarm) return { because: `the alarm ${name} is missing`, final: true };
    if (!alarm.enabled) return { because: `the alarm ${name} is disabled`, final: true };
    if (alarm.definition !== (first?.get(name) ?? alarm).definition)
      return { because: `the alarm ${name} was changed during the watch`, final: true };
    if (alarm.state !== "OK" && !before.includes(name))
      return { because: `the alarm ${name} is ${alarm.state}`, final: false };
  }
  return undefined;
}
