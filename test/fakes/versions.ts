import type { Versions } from "../../orchestrator/ports/versions.ts";
import type { FakeLambda, Version } from "./lambda.ts";

export type FakeVersions = Versions & {
  /** Every version that was removed, as `function:version`, in order. */
  readonly removed: string[];
};

/** The versions of the fake Lambda. Like Lambda it refuses to remove what an alias names. */
export function fakeVersions(lambda: FakeLambda): FakeVersions {
  const removed: string[] = [];

  function isLive(functionName: string, version: string): boolean {
    const { version: main, canary } = lambda.live(functionName);
    return main === version || canary?.version === version;
  }

  return {
    removed,
    async list(functionName) {
      return lambda.versions(functionName).map((version) => ({
        version,
        codeSha256: (lambda.version(functionName, version) as Version).codeSha256,
        aliases: isLive(functionName, version) ? ["live"] : [],
      }));
    },
    async remove(functionName, version) {
      if (!lambda.versions(functionName).includes(version)) return;
      if (isLive(functionName, version))
        throw new Error(`${functionName}:${version} is referenced by an alias`);
      lambda.removeVersion(functionName, version);
      removed.push(`${functionName}:${version}`);
    },
  };
}
