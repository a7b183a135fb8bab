import { type Engine, prepareEngine } from "../../rehearsal/engine/engine.ts";
import type { ProviderParts } from "../../rehearsal/provider/provider.ts";

let shared: Promise<Engine> | undefined;

/** The engine of this machine, prepared once a run: minutes on a fresh machine. */
export function engine(): Promise<Engine> {
  shared ??= prepareEngine({ env: process.env, progress: (line) => process.stderr.write(`${line}\n`) });
  return shared;
}

/** What the rehearsal's provider is made of; undefined where the official plugin is used and there is none. */
export async function bridgeParts(): Promise<ProviderParts | undefined> {
  const { provider } = await engine();
  return provider.kind === "bridge" ? provider : undefined;
}
