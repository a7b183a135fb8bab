import type { Metrics, Minute } from "../../orchestrator/ports/metrics.ts";

export type FakeMetrics = Metrics & {
  /** Counts executions of a version within the minute of a moment. `ms` is how long each took. */
  count(
    functionName: string,
    version: string,
    at: Date,
    executions: { invocations: number; errors?: number; ms?: number },
  ): void;
  /** Makes every reading fail from now on, or no more. */
  fail(fails?: boolean): void;
  /** How often it was read. */
  readonly reads: number;
};

/** The counts of a platform where nothing was counted, until a test says otherwise. */
export function fakeMetrics(): FakeMetrics {
  const counted = new Map<string, Map<string, Minute>>();
  let failing = false;
  let reads = 0;
  return {
    get reads() {
      return reads;
    },
    fail: (fails = true) => {
      failing = fails;
    },
    count(functionName, version, time, { invocations, errors = 0, ms = 10 }) {
      const name = `${functionName}:${version}`;
      const minutes = counted.get(name) ?? new Map<string, Minute>();
      counted.set(name, minutes);
      const at = startOf(time).toISOString();
      const minute = minutes.get(at) ?? { at, invocations: 0, errors: 0, ms: null };
      const all = minute.invocations + invocations;
      const average = ((minute.ms ?? 0) * minute.invocations + ms * invocations) / all;
      minutes.set(at, { at, invocations: all, errors: minute.errors + errors, ms: average });
    },
    async ofVersions(versions, { from, to }) {
      reads++;
      if (failing) throw new Error("Rate exceeded");
      const [first, last] = [startOf(from).toISOString(), to.toISOString()];
      return versions.map(({ functionName, version }) =>
        [...(counted.get(`${functionName}:${version}`)?.values() ?? [])]
          .filter(({ at }) => at >= first && at < last)
          .sort((one, other) => (one.at < other.at ? -1 : 1)),
      );
    },
  };
}

const startOf = (time: Date) => new Date(Math.floor(time.getTime() / 60_000) * 60_000);
