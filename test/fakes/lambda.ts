import type { Route } from "../../orchestrator/ports/traffic.ts";

/** A published version: its code's digest as Lambda reports it, and the SHA that the code says it is. */
export type Version = { codeSha256: string; sha: string };
export type Alias = Route & { revision: string };
/** A version that was removed leaves its place empty: its name is never given again. */
type Function_ = { versions: (Version | undefined)[]; live?: Alias };

/** The functions of an environment, which the fakes of the engine, the traffic and the probes have in common. */
export type FakeLambda = ReturnType<typeof fakeLambda>;

export function fakeLambda() {
  const functions = new Map<string, Function_>();
  let revisions = 0;

  function of(functionName: string): Function_ {
    const found = functions.get(functionName);
    if (!found) throw new Error(`Function not found: ${functionName}`);
    return found;
  }

  function version(functionName: string, name: string): Version | undefined {
    return of(functionName).versions[Number(name) - 1];
  }

  function live(functionName: string): Alias {
    const found = of(functionName).live;
    if (!found) throw new Error(`Cannot find alias live of ${functionName}`);
    return found;
  }

  return {
    names: () => [...functions.keys()],
    exists: (functionName: string) => functions.has(functionName),
    version,
    live,
    latest: (functionName: string) => String(functions.get(functionName)?.versions.length ?? 0),
    /** The names of the versions that are there, oldest first. */
    versions: (functionName: string) =>
      [...(functions.get(functionName)?.versions.entries() ?? [])].flatMap(([index, found]) =>
        found ? [String(index + 1)] : [],
      ),
    removeVersion(functionName: string, name: string): void {
      delete of(functionName).versions[Number(name) - 1];
    },
    /** Publishes a version and gives its name; the same code as the last one's is no new version. */
    publish(functionName: string, code: Version): string {
      const found = functions.get(functionName) ?? { versions: [] };
      functions.set(functionName, found);
      if (found.versions.at(-1)?.codeSha256 !== code.codeSha256) found.versions.push(code);
      return String(found.versions.length);
    },
    point(functionName: string, route: Route): Alias {
      const alias = { ...structuredClone(route), revision: `revision-${++revisions}` };
      of(functionName).live = alias;
      return alias;
    },
    /** The share of a function's requests, 0 to 1, that the code of a SHA gets. */
    share(functionName: string, sha: string): number {
      const { version: main, canary } = live(functionName);
      const weight = canary?.weight ?? 0;
      const isOf = (name: string | undefined) =>
        name !== undefined && version(functionName, name)?.sha === sha;
      return (isOf(main) ? 1 - weight : 0) + (isOf(canary?.version) ? weight : 0);
    },
  };
}
