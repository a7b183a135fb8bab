import { builtEngine, cachedBuild } from "./built.ts";
import { installedEngine } from "./installed.ts";
import { cachedOfficial, officialEngine } from "./official.ts";
import { problem } from "./problems.ts";
import { wantedAwsPlugin, wantedPulumi } from "./wanted.ts";

export type Engine = {
  source: "installed" | "official" | "built";
  /** One line for the user: what was chosen. */
  describe: string;
  /** The directory whose bin/pulumi is the CLI, for PulumiCommand.get({ root }). */
  pulumiRoot: string;
  provider:
    | { kind: "plugin"; pulumiHome: string }
    | {
        kind: "bridge";
        bridge: string;
        terraformProvider: string;
        /** The version of `@pulumi/aws`'s plugin that it stands in for. */
        version: string;
      };
};

export type EngineOptions = {
  env: NodeJS.ProcessEnv;
  progress: (line: string) => void;
  signal?: AbortSignal;
  /** Where to ask for the official install script, and for how long; the SDK's own address and 4 s when left out. */
  installerUrl?: string;
  probeMs?: number;
  /** Only what Pulumi itself publishes: the provider of a built engine stands in for it, which is for rehearsals. */
  publishedOnly?: boolean;
  /** Where add-on packages are installed: /opt when left out. */
  optRoot?: string;
};

/**
 * Finds a Pulumi CLI and an AWS provider, or makes them: an installed CLI that fits, the official downloads, or a build
 * from the pinned Go module, which needs package registries only and takes minutes. What is made stays in the user's
 * cache directory; what is there already is preferred to trying a download site again.
 *
 * Throws pulumi-missing, go-missing, go-too-old, engine-build-failed or terraform-provider-missing; rejects with the signal's reason
 * when aborted. Nothing half made counts.
 */
export async function prepareEngine(options: EngineOptions): Promise<Engine> {
  const published = [installedEngine, cachedOfficial, officialEngine];
  const any = [installedEngine, cachedOfficial, cachedBuild, officialEngine, builtEngine];
  for (const find of options.publishedOnly ? published : any) {
    const engine = await find(options);
    if (engine !== undefined) return engine;
  }
  throw problem("pulumi-missing", { cli: wantedPulumi(), plugin: wantedAwsPlugin() });
}
