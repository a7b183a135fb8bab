import type { Route } from "../ports/traffic.ts";
import { problem } from "../problems.ts";
import { releaseProblem } from "../release/problems.ts";
import type { PublishedFunction, RunningRelease } from "./events.ts";
import { shaOfVersion } from "./history.ts";
import { type Findings, journal, type Ports, type Promotion } from "./promotion.ts";

const PROOF_PROBES = 3;

/** What one function's alias sends where, with the SHA of each version as far as the ledger knows it. */
export type TrafficLine = { function: string; version: string; sha: string | null; weight: number };

/**
 * Sends `percent` of the requests of every function to the release, the rest to the one that runs. All functions move
 * together; each write names the revision it was decided on.
 */
export async function moveTraffic(p: Promotion, to: RunningRelease, percent: number): Promise<void> {
  const goals = Object.entries(to.functions).map(([name, published]) => {
    const stays = p.found.previous?.functions[name]?.version;
    return { published, route: routeOf(published.version, stays, percent) };
  });
  await writeRoutes(p, goals, false);
}

function routeOf(version: string, stays: string | undefined, percent: number): Route {
  if (percent >= 100 || !stays || stays === version) return { version };
  return { version: stays, canary: { version, weight: percent / 100 } };
}

/**
 * Gives all the traffic back to a release that was promoted before, and proves it: the aliases, the digests that Lambda
 * reports, and health requests answered by that release. Throws when any of it does not hold.
 */
export async function restoreTraffic(p: Promotion, to: RunningRelease): Promise<void> {
  const { clock } = p.ports;
  const began = clock.monotonic();
  const goals = Object.values(to.functions).map((published) => ({
    published,
    route: { version: published.version },
  }));
  await writeRoutes(p, goals, true);
  await Promise.all([
    ...Object.values(to.functions).map((published) => proveCode(p, published)),
    proveAnswers(p, to),
  ]);
  await journal(p, { type: "traffic-restored", sha: to.sha, ms: Math.round(clock.monotonic() - began) });
}

type Goal = { published: PublishedFunction; route: Route };

async function writeRoutes(p: Promotion, goals: Goal[], insist: boolean): Promise<void> {
  const { clock } = p.ports;
  const began = clock.monotonic();
  const to = Object.fromEntries(goals.map(({ published, route }) => [published.functionName, route]));
  await journal(p, { type: "traffic-intended", to });
  // All writes must be over before anything follows: a late one would undo the way back.
  const writes = await Promise.allSettled(goals.map((goal) => writeRoute(p, goal, insist)));
  const failure = writes.find((write) => write.status === "rejected");
  if (failure) throw failure.reason;
  await journal(p, { type: "traffic-moved", to, ms: Math.round(clock.monotonic() - began) });
}

/** Writes one alias and reads it back. On the way back (`insist`) a race is run again: the way back must win. */
async function writeRoute(p: Promotion, { published, route }: Goal, insist: boolean): Promise<void> {
  const { traffic } = p.ports;
  const { functionName } = published;
  for (let attempt = 1; ; attempt++) {
    const now = await traffic.read(functionName);
    if (sameRoute(now, route)) return;
    try {
      const written = await traffic.route(functionName, route, now.revision);
      if (sameRoute(written, route)) return;
    } catch (error) {
      if (!insist || attempt >= 5) throw error;
    }
    if (attempt >= 5) throw problem("route-changed", { functionName });
  }
}

const sameRoute = (a: Route, b: Route) =>
  a.version === b.version && a.canary?.version === b.canary?.version && a.canary?.weight === b.canary?.weight;

async function proveCode(
  p: Promotion,
  { functionName, version, codeSha256 }: PublishedFunction,
): Promise<void> {
  const found = await p.ports.traffic.codeSha256(functionName, version);
  if (found === codeSha256) return;
  throw releaseProblem("digest-mismatch", {
    what: `${functionName}:${version}`,
    wanted: codeSha256,
    found: found ?? "nothing",
  });
}

async function proveAnswers(p: Promotion, to: RunningRelease): Promise<void> {
  const probes = Array.from({ length: PROOF_PROBES }, () =>
    p.ports.probes.throughUrl({ url: to.url }, { withKey: true }),
  );
  for (const probe of await Promise.all(probes)) {
    if (probe.ok && probe.version === to.sha) continue;
    const because = probe.problem ?? `it is answered by ${probe.version}`;
    throw problem("unhealthy", { during: "the proof of the way back", evidence: because });
  }
}

/** Reads what every function of a release sends where, for the result and for the status. */
export async function trafficLines(
  p: { ports: Pick<Ports, "traffic">; found: Pick<Findings, "entries"> },
  release: RunningRelease,
): Promise<TrafficLine[]> {
  const lines = Object.entries(release.functions).map(async ([name, { functionName }]) => {
    const { version, canary } = await p.ports.traffic.read(functionName);
    const line = (each: string, weight: number) => ({
      function: name,
      version: each,
      sha: shaOfVersion(p.found.entries, functionName, each) ?? null,
      weight,
    });
    const share = canary?.weight ?? 0;
    return [line(version, 1 - share), ...(canary ? [line(canary.version, share)] : [])];
  });
  return (await Promise.all(lines)).flat();
}
