import { parentPort, workerData } from "node:worker_threads";
import { play } from "./play.ts";
import type { Violation } from "./witness.ts";

/** What one worker tells of its seeds. */
export type Told = { played: number; calls: number; violations: (Violation & { seed: number })[] };

const { first, every, count } = workerData as { first: number; every: number; count: number };
const told: Told = { played: 0, calls: 0, violations: [] };
for (let seed = first; told.played < count; seed += every) {
  const { violations, calls } = await play(seed);
  told.played++;
  told.calls += calls;
  told.violations.push(...violations.map((violation) => ({ seed, ...violation })));
}
parentPort?.postMessage(told);
