import { cachedBuild } from "./built.ts";
import type { Engine, EngineOptions } from "./engine.ts";
import { findInstalled } from "./installed.ts";
import { cachedOfficial } from "./official.ts";
import { wantedAwsPlugin, wantedPulumi } from "./wanted.ts";

/** What there is, in the order in which an engine is chosen. Nothing is installed, and no network is asked. */
export async function lookForEngine(
  options: EngineOptions,
): Promise<{ kind: Engine["source"] | "none"; said: string }> {
  const found = await findInstalled(options);
  if (found?.fits) return { kind: "installed", said: found.said };
  const cached = (await cachedOfficial(options)) ?? (await cachedBuild(options));
  if (cached) return { kind: cached.source, said: cached.describe.replace(/^Engine: /, "") };
  const wanted = `Pulumi ${wantedPulumi()} with its AWS plugin ${wantedAwsPlugin()} is wanted`;
  return { kind: "none", said: found ? `${found.said}: ${wanted}` : `there is no Pulumi here: ${wanted}` };
}
