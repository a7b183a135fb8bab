import type { Probe, Probes } from "../../orchestrator/ports/probes.ts";
import type { FakeLambda } from "./lambda.ts";

type Asked = { how: "direct" | "ready" | "throughUrl"; functionName: string; sha: string; withKey: boolean };

export type FakeProbes = Probes & {
  /** Every question so far, with the SHA of the code that answered it. */
  readonly asked: Asked[];
  /** Changes the answer to some questions; undefined leaves it as it is. The latest change that answers wins. */
  answer(change: (asked: Asked) => Partial<Probe> | undefined): void;
};

export const ill: Partial<Probe> = { ok: false, status: 500, version: undefined, problem: "status 500" };

/**
 * Health requests to the fake Lambda. Through the URL (`https://<function>.example/`), answers come from the versions
 * in the very shares that the alias gives them, spread evenly, so that a run of a test is like the next.
 */
export function fakeProbes(lambda: FakeLambda): FakeProbes {
  const asked: Asked[] = [];
  const changes: ((asked: Asked) => Partial<Probe> | undefined)[] = [];
  const owed = new Map<string, number>();

  function draw(functionName: string): string {
    const { version, canary } = lambda.live(functionName);
    if (!canary) return version;
    const due = (owed.get(functionName) ?? 0) + canary.weight;
    owed.set(functionName, due >= 1 ? due - 1 : due);
    return due >= 1 ? canary.version : version;
  }

  async function ask(
    how: Asked["how"],
    functionName: string,
    version: string,
    withKey: boolean,
  ): Promise<Probe> {
    const code = lambda.version(functionName, version);
    if (!code) return { ok: false, status: 0, ms: 1, problem: `Function not found: ${functionName}` };
    const question = { how, functionName, sha: code.sha, withKey };
    asked.push(question);
    const well = withKey
      ? { ok: true, status: 200, version: code.sha, ms: 12 }
      : { ok: true, status: 401, ms: 8 };
    const changed = changes.map((change) => change(question)).findLast((change) => change !== undefined);
    return { ...well, ...changed };
  }

  return {
    asked,
    answer: (change) => void changes.push(change),
    direct: async ({ functionName, version }, { withKey }) => ask("direct", functionName, version, withKey),
    ready: async ({ functionName, version }) => ask("ready", functionName, version, true),
    async throughUrl({ url }, { withKey }) {
      const [functionName = ""] = new URL(url).hostname.split(".");
      if (!lambda.exists(functionName))
        return { ok: false, status: 0, ms: 1, problem: `no answer from ${url}` };
      return ask("throughUrl", functionName, draw(functionName), withKey);
    },
  };
}
