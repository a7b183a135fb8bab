import type { Clock } from "../../orchestrator/ports/clock.ts";

/** A clock whose time passes only while everybody waits for it; hours cost milliseconds. */
export type VirtualClock = Clock & {
  /** Does something after so many milliseconds of virtual time. */
  after(ms: number, act: () => void): void;
  /** Somebody sets the wall clock, by so many milliseconds; monotonic time does not notice. */
  set(byMs: number): void;
};

type Sleeper = { due: number; wake(): void };

export function virtualClock(start = "2030-01-01T00:00:00.000Z"): VirtualClock {
  let origin = Date.parse(start);
  const sleepers = new Set<Sleeper>();
  let elapsed = 0;
  let turning = false;

  /** When a turn of the event loop has come round, no promise can go on unless time passes: so it does. */
  function turn(): void {
    if (turning || sleepers.size === 0) return;
    turning = true;
    setImmediate(() => {
      turning = false;
      let next: Sleeper | undefined;
      for (const sleeper of sleepers) if (!next || sleeper.due < next.due) next = sleeper;
      if (!next) return;
      elapsed = Math.max(elapsed, next.due);
      sleepers.delete(next);
      next.wake();
      turn();
    });
  }

  function add(ms: number, wake: () => void): Sleeper {
    const sleeper = { due: elapsed + Math.max(0, ms), wake };
    sleepers.add(sleeper);
    turn();
    return sleeper;
  }

  return {
    now: () => new Date(origin + elapsed),
    monotonic: () => elapsed,
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const wakened = () => {
          sleepers.delete(sleeper);
          reject(signal?.reason);
        };
        const sleeper = add(ms, () => {
          signal?.removeEventListener("abort", wakened);
          resolve();
        });
        signal?.addEventListener("abort", wakened, { once: true });
      });
    },
    after: (ms, act) => void add(ms, act),
    set(byMs) {
      origin += byMs;
    },
  };
}
