import { sayDuration } from "../duration.ts";
import type { Alarm } from "../ports/alarms.ts";
import type { Problem } from "../problem.ts";
import { problem } from "../problems.ts";
import type { RunningRelease } from "./events.ts";
import type { Promotion } from "./promotion.ts";

/** A single failed probe may be the network's; two are the release's. */
const TOLERATED_PROBE_FAILURES = 1;
/** Fewer answers than this are no evidence. */
const LEAST_ANSWERS = 3;

export type Observation = {
  step: string;
  forMs: number;
  release: RunningRelease /** All answers must be the release's at the end. */;
  whole: boolean;
};

/** The answers and alarms seen so far. */
type Seen = {
  answers: number;
  failures: string[];
  last: string | undefined;
  alarms: Alarm[] | undefined;
};

/**
 * Watches alarms and sends health requests for a time. Ends at the first evidence against the release.
 * @returns the objection: evidence against the release, or that there was no evidence for it; undefined when it is well
 */
export async function observe(p: Promotion, observation: Observation): Promise<Problem | undefined> {
  const { clock } = p.ports;
  const { step, forMs } = observation;
  const { pollEvery } = p.environment.promotion;
  const began = clock.monotonic();
  const seen: Seen = { answers: 0, failures: [], last: undefined, alarms: undefined };
  for (;;) {
    const left = forMs - (clock.monotonic() - began);
    await look(p, observation, seen);
    const evidence = evidenceAgainst(p, seen);
    if (evidence) return problem("unhealthy", { during: step, evidence });
    if (left <= 0 && seen.answers >= LEAST_ANSWERS) break;
    p.tell({ type: "note", step, text: `${seen.answers} answers, ${sayDuration(Math.max(0, left))} to go` });
    await clock.sleep(left <= 0 ? Math.min(pollEvery, 200) : Math.min(pollEvery, left), p.signal);
  }
  const because = lackOfEvidence(p, observation, seen);
  return because ? problem("inconclusive", { during: step, because }) : undefined;
}

async function look(p: Promotion, { release }: Observation, seen: Seen): Promise<void> {
  const { alarms, probes } = p.ports;
  const [listed, probe] = await Promise.all([
    alarms.list().catch(() => undefined),
    probes.throughUrl({ url: release.url }, { withKey: true }),
  ]);
  // A poll that failed is not a pass: at the end the last reading must be there.
  seen.alarms = listed;
  seen.answers++;
  seen.last = probe.version;
  if (!probe.ok) seen.failures.push(probe.problem ?? `status ${probe.status}`);
}

/** What fired before, with leave, is no evidence until it was well once: then it fires because of this release. */
function evidenceAgainst(p: Promotion, seen: Seen): string | undefined {
  const well = new Set(seen.alarms?.filter(({ state }) => state === "OK").map(({ name }) => name));
  const before = (p.found.firing ?? []).filter((name) => !well.has(name));
  p.found.firing = before;
  const firing = seen.alarms?.filter(({ name, state }) => state === "ALARM" && !before.includes(name)) ?? [];
  if (firing.length > 0)
    return firing.map(({ name, reason }) => `${name} is in ALARM (${reason})`).join("; ");
  if (seen.failures.length > TOLERATED_PROBE_FAILURES)
    return `${seen.failures.length} of ${seen.answers} health requests failed (${seen.failures.at(-1)})`;
  return undefined;
}

function lackOfEvidence(p: Promotion, { release, whole }: Observation, seen: Seen): string | undefined {
  if (!seen.alarms) return "the alarms could not be read at the end";
  const before = p.found.firing ?? [];
  if (whole && before.length > 0)
    return `${before.join(", ")} fired before the promotion and is not well yet`;
  for (const name of release.alarms) {
    const alarm = seen.alarms.find((each) => each.name === name);
    if (!alarm) return `the alarm ${name} is missing`;
    if (!alarm.enabled) return `the alarm ${name} is disabled`;
    if (alarm.state !== "OK" && !before.includes(name)) return `the alarm ${name} is ${alarm.state}`;
  }
  if (whole && seen.last !== release.sha) return `the last answer came from ${seen.last ?? "nobody"}`;
  return undefined;
}
