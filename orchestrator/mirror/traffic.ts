import { type TrafficLine, trafficLines } from "../promotion/traffic.ts";
import type { Drift } from "./drift.ts";
import type { Eyes, Looked } from "./look.ts";

/**
 * The aliases that do not send all traffic to the release that runs. While a promotion goes on, weights are its own
 * affair; what one left that died is drift.
 */
export async function trafficDrift(ports: Eyes["ports"], looked: Looked): Promise<Drift[]> {
  const { running, entries, inFlight, survey } = looked;
  if (inFlight?.by) return [];
  const drifts = Object.entries(running.functions).map(async ([name, published]): Promise<Drift[]> => {
    const alias = survey.find(
      ({ leftAlone, recorded }) =>
        leftAlone.length > 0 && recorded?.inputs.functionName === published.functionName,
    );
    // One that is gone is named as such.
    if (!alias?.found) return [];
    const release = { ...running, functions: { [name]: published } };
    const lines = await trafficLines({ ports, found: { entries } }, release);
    if (lines.length === 1 && lines[0]?.version === published.version) return [];
    const whole = { function: name, version: published.version, sha: running.sha, weight: 1 };
    return [{ resource: alias, path: "traffic", wanted: said([whole]), found: said(lines) }];
  });
  return (await Promise.all(drifts)).flat();
}

const said = (lines: TrafficLine[]) =>
  lines
    .map(({ version, sha, weight }) => {
      return `${Math.round(weight * 100)} % on version ${version} (${sha?.slice(0, 7) ?? "unknown"})`;
    })
    .join(", ");
