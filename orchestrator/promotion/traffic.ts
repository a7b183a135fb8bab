import type { Lease } from "../ports/ledger.ts";
import type { Probe } from "../ports/probes.ts";
import type { ReadRoute, Route, Traffic } from "../ports/traffic.ts";
import { problem } from "../problems.ts";
import { releaseProblem } from "../release/problems.ts";
import type { Entry, LedgerEvent, PublishedFunction, RunningRelease } from "./events.ts";
import { publishedFunctions, shaOfVersion } from "./history.ts";
import { reasonOf } from "./outcome.ts";
import { type Findings, isLeaseLost, journal, landed, type Ports, type Promotion } from "./promotion.ts";

const PROOF_PROBES = 3;
/** A request that was lost says nothing of the release: it is asked again, but not for ever. */
const ASKED_AT_MOST = 3;
/** An alias that was written does not reach all of Lambda at once: for so long an answer of the other release is no proof. */
const SPREADS_MS = 2_000;
const SPREAD_PAUSE_MS = 100;
/** How often a write of the way back is tried. */
const TRIES = 5;
const PAUSE_MS = 500;

/** What one function's alias sends where, with the SHA of each version as far as the ledger knows it. */
export type TrafficLine = { function: string; version: string; sha: string | null; weight: number };

/**
 * Sends `percent` of the requests of every function to the release, the rest to the one that runs. All functions move
 * together; each write names the revision it was decided on.
 */
export async function moveTraffic(p: Promotion, to: RunningRelease, percent: number): Promise<void> {
  const goals = Object.entries(to.functions).map(([name, published]) => {
    const stays = p.found.previous?.functions[name]?.version;
    return { name, published, route: routeOf(published.version, stays, percent) };
  });
  await writeRoutes(p, goals, false);
}

function routeOf(version: string, stays: string | undefined, percent: number): Route {
  if (percent >= 100 || !stays || stays === version) return { version };
  return { version: stays, canary: { version, weight: percent / 100 } };
}

/**
 * Gives all the traffic back to a release that was promoted before, proves it, and records that. Throws when it cannot be
 * proved.
 */
export async function restoreTraffic(p: Promotion, to: RunningRelease): Promise<void> {
  const ms = await returnTraffic(p, to);
  await journal(p, { type: "traffic-restored", sha: to.sha, ms });
}

/** The way back itself, proved; a rehearsal of it goes by this too. @returns how long it took, in milliseconds */
export async function returnTraffic(p: Promotion, to: RunningRelease): Promise<number> {
  const { clock } = p.ports;
  const began = clock.monotonic();
  p.found.running = undefined;
  const goals = Object.entries(to.functions).map(([name, published]) => ({
    name,
    published,
    route: { version: published.version },
  }));
  await writeRoutes(p, goals, true);
  await proveTraffic(p, to, "the proof of the way back");
  return Math.round(clock.monotonic() - began);
}

/**
 * Proves that a release has the traffic: by the digests that Lambda reports, and by health requests that it answers. Throws
 * when either does not hold.
 */
export async function proveTraffic(p: Promotion, to: RunningRelease, during: string): Promise<void> {
  await Promise.all([
    ...Object.values(to.functions).map((published) => proveCode(p, published)),
    proveAnswers(p, to, during),
  ]);
}

/** Reads every alias of a release once more: all of it must go to its versions. Throws `route-changed`. */
export async function proveRoutes(p: Promotion, to: RunningRelease): Promise<void> {
  const read = async ({ functionName, version }: PublishedFunction) => {
    if (!sameRoute(await p.ports.traffic.read(functionName), { version }))
      throw problem("route-changed", { functionName });
  };
  await Promise.all(Object.values(to.functions).map(read));
}

type Goal = { name: string; published: PublishedFunction; route: Route };

async function writeRoutes(p: Promotion, goals: Goal[], insist: boolean): Promise<void> {
  const { clock } = p.ports;
  const began = clock.monotonic();
  const to = Object.fromEntries(goals.map(({ published, route }) => [published.functionName, route]));
  // Read before the intent, which proves that the lease is ours: whoever takes over writes every alias anew, and from
  // then on Lambda refuses what was decided on these revisions, however late it arrives.
  const before = await Promise.all(
    goals.map(async (goal) => ({ ...goal, now: await p.ports.traffic.read(goal.published.functionName) })),
  );
  await (insist ? insistOnRecord : journal)(p, { type: "traffic-intended", to });
  // All writes must be over before anything follows: a late one would undo the way back.
  const write = insist ? insistOnRoute : writeRoute;
  const writes = await Promise.allSettled(before.map((goal) => write(p, goal)));
  const failure = writes.find((each) => each.status === "rejected");
  if (failure) throw failure.reason;
  const { entries } = p.found;
  const traffic = goals.flatMap(({ name, published: { functionName }, route }) =>
    linesOf(entries, { name, functionName, route }),
  );
  p.tell({ type: "traffic", traffic });
  await journal(p, { type: "traffic-moved", to, ms: Math.round(clock.monotonic() - began) });
}

type Decided = Goal & { now: ReadRoute };

/** Writes one alias. Where the answer was lost, the alias itself says whether it was written. */
async function writeRoute(p: Promotion, { published: { functionName }, route, now }: Decided): Promise<void> {
  const { traffic } = p.ports;
  if (sameRoute(now, route)) return;
  const written = await traffic.route(functionName, route, now.revision).catch(async (error) => {
    const found = await traffic.read(functionName);
    if (sameRoute(found, route)) return found;
    throw error;
  });
  if (!sameRoute(written, route)) throw problem("route-changed", { functionName });
}

/**
 * Writes one alias on the way back, which must win: it is written although it may read as it should, for a write that was
 * given up, or one of a process that stands still, may arrive later. A race is run again, as long as the lease is ours.
 */
async function insistOnRoute(
  p: Promotion,
  { published: { functionName }, route, now }: Decided,
): Promise<void> {
  const { traffic } = p.ports;
  let decidedOn = now;
  for (let attempt = 1; ; attempt++) {
    try {
      if (sameRoute(await traffic.route(functionName, route, decidedOn.revision), route)) return;
      throw problem("route-changed", { functionName });
    } catch (error) {
      if (attempt === TRIES) throw error;
    }
    const found = await traffic.read(functionName);
    if (sameRoute(found, route) && found.revision !== decidedOn.revision) return;
    await p.ports.ledger.beat(p.lease as Lease);
    decidedOn = found;
  }
}

/** A ledger that hiccups must not keep the traffic where it is bad. */
async function insistOnRecord(p: Promotion, event: LedgerEvent): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await journal(p, event);
    } catch (error) {
      if (isLeaseLost(error) || attempt === TRIES) throw error;
    }
    await p.ports.clock.sleep(PAUSE_MS, p.signal);
    // What was given up may have arrived during the pause.
    if (await hasLandedByNow(p, event)) return;
  }
}

/** An answer that took long, perhaps because this process stood still, tells of earlier: then it is asked anew. */
async function hasLandedByNow(p: Promotion, event: LedgerEvent): Promise<boolean> {
  const { clock } = p.ports;
  for (let attempt = 1; ; attempt++) {
    const asked = clock.monotonic();
    if (await landed(p, event)) return true;
    if (clock.monotonic() - asked <= PAUSE_MS || attempt === TRIES) return false;
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

/** An answer of another release is proof that the traffic is not there; one that failed may be the network's, and is asked anew. */
async function proveAnswers(p: Promotion, to: RunningRelease, during: string): Promise<void> {
  const proofs = Array.from({ length: PROOF_PROBES }, () => answered(p, to));
  for (const { ok, version, problem: said } of await Promise.all(proofs)) {
    if (ok && version === to.sha) continue;
    const evidence = said ?? `it is answered by ${version}`;
    throw problem("unhealthy", { during, evidence });
  }
}

async function answered(p: Promotion, { url, sha }: RunningRelease): Promise<Probe> {
  const { clock, probes } = p.ports;
  const began = clock.monotonic();
  for (let lost = 0; ; ) {
    const answer = await probes.throughUrl({ url }, { withKey: true });
    if (!answer.ok && ++lost === ASKED_AT_MOST) return answer;
    if (answer.ok && (answer.version === sha || clock.monotonic() - began >= SPREADS_MS)) return answer;
    if (answer.ok) await clock.sleep(SPREAD_PAUSE_MS);
  }
}

/** Reads what every function of a release sends where, for the result and for the status. */
export async function trafficLines(
  p: { ports: Pick<Ports, "traffic">; found: Pick<Findings, "entries"> },
  release: RunningRelease,
): Promise<TrafficLine[]> {
  const lines = Object.entries(release.functions).map(async ([name, { functionName }]) => {
    const route = await p.ports.traffic.read(functionName);
    return linesOf(p.found.entries, { name, functionName, route });
  });
  return (await Promise.all(lines)).flat();
}

function linesOf(
  entries: Entry[],
  { name, functionName, route: { version, canary } }: { name: string; functionName: string; route: Route },
): TrafficLine[] {
  const line = (each: string, weight: number) => ({
    function: name,
    version: each,
    sha: shaOfVersion(entries, functionName, each) ?? null,
    weight,
  });
  const share = canary?.weight ?? 0;
  return [line(version, 1 - share), ...(canary ? [line(canary.version, share)] : [])];
}

/** Where the traffic of every function that was ever published is now, in words: what a person who takes over must know. */
export async function sayTraffic(traffic: Traffic, entries: Entry[]): Promise<string> {
  const said = [...publishedFunctions(entries)].map(async ([name, functionName]) => {
    try {
      const { version, canary } = await traffic.read(functionName);
      const share = Math.round((canary?.weight ?? 0) * 100);
      const on = (each: string) =>
        `${shaOfVersion(entries, functionName, each)?.slice(0, 7) ?? "an unknown release"} (version ${each})`;
      return `${name} ${100 - share} % on ${on(version)}${canary ? ` and ${share} % on ${on(canary.version)}` : ""}`;
    } catch (error) {
      return `${name} not readable (${reasonOf(error).message})`;
    }
  });
  return (await Promise.all(said)).join(", ") || "none, for nothing was published";
}
