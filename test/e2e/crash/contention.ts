import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Ended, type Running, start } from "../command.ts";
import { about } from "../promotions.ts";
import type { Ground } from "./ground.ts";
import type { Stage } from "./stories.ts";

/** How a race for one environment ended. */
export type Race = {
  env: string;
  racers: number;
  winners: number;
  /** Milliseconds from the asking for the lease to the end of the process that was refused, the slowest's. */
  slowestRefusalMs: number;
  /** How the winner ended. */
  outcome: string | null;
  /** Empty when it was as it must be. */
  objections: string[];
};

const REFUSED_WITHIN_MS = 2_000;
const STARTED_WITHIN_MS = 60_000;
let races = 0;

type Racer = { running: Running; ready: string; ended: Promise<{ ended: Ended; at: number }> };

/** Lets many processes ask for each environment's lease at the same moment, and waits until all of them have ended. */
export async function race(ground: Ground, stages: Stage[], racers: number): Promise<Race[]> {
  const directory = join(ground.checkout.scratch, `race-${++races}-`);
  mkdirSync(directory);
  const gate = join(directory, "gate");
  const fields = stages.map((stage) => ({
    stage,
    racers: Array.from({ length: racers }, (_, n) =>
      racer(ground, stage, gate, join(directory, `${stage.env}-${n}`)),
    ),
  }));
  const all = fields.flatMap((field) => field.racers);
  const late = Date.now() + STARTED_WITHIN_MS;
  while (!all.every(({ ready }) => existsSync(ready))) {
    if (Date.now() > late) throw new Error("not all racers came to the start");
    await delay(20);
  }
  const began = performance.now();
  writeFileSync(gate, "");
  const results = await Promise.all(fields.map((field) => judge(field.stage, field.racers, began)));
  rmSync(directory, { recursive: true, force: true });
  return results;
}

function racer(ground: Ground, { env, spare }: Stage, gate: string, ready: string): Racer {
  const { checkout } = ground;
  const running = start(checkout, ["promote", "--env", env, "--sha", spare, "--local", "--json"], {
    NODE_OPTIONS: `--import=${join(checkout.root, "test/e2e/crash/mortal.ts")}`,
    MORTAL_GATE: gate,
    MORTAL_TESTIMONY: ready,
  });
  return { running, ready, ended: running.ended.then((ended) => ({ ended, at: performance.now() })) };
}

async function judge({ env }: Stage, racers: Racer[], began: number): Promise<Race> {
  const ends = await Promise.all(
    racers.map(async ({ running, ended }) => ({ pid: running.pid, ...(await ended) })),
  );
  const winners = ends.filter(({ ended }) => ended.code !== 3);
  const losers = ends.filter(({ ended }) => ended.code === 3);
  const [winner] = winners;
  const named = `(process ${winner?.pid})`;
  const objections = winners.length === 1 ? [] : [`${winners.length} have won`];
  for (const { ended, at } of losers) {
    const { reason } = about(ended);
    if (reason?.code !== "lease-taken" || !reason.message.includes(named))
      objections.push(`a loser was not told of ${named}: ${reason?.message}`);
    if (/"Engine: /.test(ended.err)) objections.push("a loser started the engine");
    if (at - began > REFUSED_WITHIN_MS) objections.push(`a loser ended after ${Math.round(at - began)} ms`);
  }
  const outcome = winner ? about(winner.ended).outcome : null;
  if (outcome !== "promoted")
    objections.push(`the winner ended as ${outcome}: ${winner?.ended.err.slice(-300)}`);
  const slowestRefusalMs = Math.round(Math.max(0, ...losers.map(({ at }) => at - began)));
  return { env, racers: racers.length, winners: winners.length, slowestRefusalMs, outcome, objections };
}

/** Twenty rounds, in turn in each environment, and every fifth in all of them at once. */
export async function contend(
  ground: Ground,
  stages: Stage[],
  { rounds, racers }: { rounds: number; racers: number },
  hear: (round: number, race: Race) => void,
): Promise<Race[]> {
  const all: Race[] = [];
  for (let round = 1; round <= rounds; round++) {
    const together = round % 5 === 0;
    const here = together ? stages : [stages[round % stages.length] as Stage];
    for (const each of await race(ground, here, Math.ceil(racers / here.length))) {
      all.push(each);
      hear(round, each);
    }
    for (const stage of here) [stage.running, stage.spare] = [stage.spare, stage.running];
  }
  return all;
}
