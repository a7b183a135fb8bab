import type { Route, Traffic } from "../../orchestrator/ports/traffic.ts";
import { problem } from "../../orchestrator/problems.ts";
import type { FakeLambda } from "./lambda.ts";

export type FakeTraffic = Traffic & {
  /** Every route that was written, oldest first. */
  readonly written: { functionName: string; route: Route }[];
  /** Somebody else changes an alias just before each of our next writes to it. */
  meddle(functionName: string, times?: number): void;
  failNextRoute(message: string): void;
};

/** The aliases of the fake Lambda. It refuses what Lambda refuses: stale revisions, unknown versions, bad weights. */
export function fakeTraffic(lambda: FakeLambda): FakeTraffic {
  const written: FakeTraffic["written"] = [];
  const meddling = new Map<string, number>();
  const failures: string[] = [];

  function requireValid(functionName: string, { version, canary }: Route): void {
    for (const name of canary ? [version, canary.version] : [version])
      if (!lambda.version(functionName, name)) throw new Error(`Function not found: ${functionName}:${name}`);
    if (canary && (canary.version === version || canary.weight < 0 || canary.weight > 1))
      throw new Error(`Invalid routing configuration of ${functionName}`);
  }

  return {
    written,
    meddle: (functionName, times = 1) => void meddling.set(functionName, times),
    failNextRoute: (message) => void failures.push(message),
    async read(functionName) {
      return structuredClone(lambda.live(functionName));
    },
    async route(functionName, route, revision) {
      const failure = failures.shift();
      if (failure) throw new Error(failure);
      const left = meddling.get(functionName) ?? 0;
      if (left > 0) {
        meddling.set(functionName, left - 1);
        lambda.point(functionName, lambda.live(functionName));
      }
      if (lambda.live(functionName).revision !== revision) throw problem("route-changed", { functionName });
      requireValid(functionName, route);
      written.push({ functionName, route: structuredClone(route) });
      return structuredClone(lambda.point(functionName, route));
    },
    async codeSha256(functionName, version) {
      return lambda.exists(functionName) ? lambda.version(functionName, version)?.codeSha256 : undefined;
    },
  };
}
