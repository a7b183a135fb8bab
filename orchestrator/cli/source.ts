import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { directoryArtifacts } from "../adapters/directory-artifacts.ts";
import { localReleases } from "../adapters/local-releases.ts";
import { readOnly } from "../adapters/read-only-artifacts.ts";
import { s3Artifacts } from "../adapters/s3-artifacts.ts";
import { foreseen } from "../foreseen.ts";
import type { Artifacts } from "../ports/artifacts.ts";
import { Problem } from "../problem.ts";
import { manifestKey } from "../release/manifest.ts";
import { releaseProblem } from "../release/problems.ts";
import { ROOT } from "./root.ts";
import { releaseReaderOf, type Surroundings } from "./surroundings.ts";

export type SourceOptions = { releaseDir?: string; from?: string; releaseProfile?: string; local?: boolean };

/** A directory, or the bucket of another environment. */
export type Source = { directory: string } | { environment: string };

/**
 * Where a release comes from: what was said counts first (`--release-dir` or `--from`), then the release that was built
 * here, then the environment that the configuration names.
 */
export function chooseSource(
  { releaseDir, from }: SourceOptions,
  at: { builtHere: string; isBuilt: boolean; configured: string | undefined },
): Source {
  if (releaseDir !== undefined) return { directory: releaseDir };
  if (from !== undefined) return { environment: from };
  if (at.isBuilt || at.configured === undefined) return { directory: at.builtHere };
  return { environment: at.configured };
}

/** The place that a release comes from. Another environment's bucket is only read, with its release reader's credentials. */
export async function sourceOf(
  { environment }: Surroundings,
  sha: string,
  options: SourceOptions,
): Promise<Artifacts> {
  const builtHere = join(".releases", sha);
  const source = chooseSource(options, {
    builtHere,
    isBuilt: existsSync(resolve(ROOT, builtHere, manifestKey(sha))),
    configured: environment.promotion.source,
  });
  if ("directory" in source) return directoryArtifacts(resolve(ROOT, source.directory));
  return await bucketOf(source.environment, options);
}

async function bucketOf(environment: string, options: SourceOptions): Promise<Artifacts> {
  const { bucket, access } = await releaseReaderOf(environment, options);
  return asReader(readOnly(s3Artifacts(bucket, access)), environment);
}

/**
 * Where a release is looked for that nobody named: the directory or the environment that was said; else what was built
 * here and the environment that the configuration names. The environment's own bucket comes last.
 */
export async function placesOf(
  { environment, access }: Surroundings,
  options: SourceOptions,
): Promise<Artifacts[]> {
  const { packages, source } = environment.promotion;
  const { releaseDir, from } = options;
  const store = s3Artifacts(packages, access);
  if (releaseDir !== undefined) return [directoryArtifacts(resolve(ROOT, releaseDir)), store];
  if (from !== undefined) return [await bucketOf(from, options), store];
  const builtHere = localReleases(resolve(ROOT, ".releases"));
  if (source === undefined) return [builtHere, store];
  return [builtHere, await bucketOf(source, options), store];
}

/** Says whose credentials are wanting: not those of the deployer, whom the message would name otherwise. */
export function asReader(place: Artifacts, environment: string): Artifacts {
  const told = (error: unknown): never => {
    const known = foreseen(error);
    if (!(known instanceof Problem) || !known.code.startsWith("credentials-")) throw error;
    throw releaseProblem("release-reader-refused", { environment, said: (error as Error).message }, error);
  };
  return {
    ...place,
    get: (key) => place.get(key).catch(told),
    list: (prefix) => place.list(prefix).catch(told),
  };
}
