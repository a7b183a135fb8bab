import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { expect } from "chai";
import { play } from "./play.ts";
import type { Told } from "./worker.ts";

/** How many stories are played; `SIMULATION_SEEDS=200000` plays more. */
const COUNT = Number(process.env.SIMULATION_SEEDS ?? 20_000);
/** The first seed: the same in every run, so that a change is to blame for what fails; another number plays other stories. */
const FIRST = Number(process.env.SIMULATION_FIRST ?? 1);
/** `SIMULATION_SEED=123` plays this one alone, and prints everything that happens in it. */
const { SIMULATION_SEED } = process.env;

const WORKERS = Math.min(4, availableParallelism());

async function share(n: number): Promise<Told> {
  const workerData = { first: FIRST + n, every: WORKERS, count: Math.ceil((COUNT - n) / WORKERS) };
  // Much is made and soon forgotten here: room for it saves a sixth of the time.
  const resourceLimits = { maxYoungGenerationSizeMb: 64 };
  const worker = new Worker(join(import.meta.dirname, "worker.ts"), { workerData, resourceLimits });
  return await new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`a worker ended with ${code} before its seeds did`)));
  });
}

describe("the simulation", function () {
  this.timeout(600_000);

  if (SIMULATION_SEED !== undefined)
    it(`plays seed ${SIMULATION_SEED}`, async () => {
      const { violations, trace } = await play(Number(SIMULATION_SEED), {}, true);
      process.stdout.write(`${trace.join("\n")}\n`);
      expect(violations).to.deep.equal([]);
    });
  else
    it(`finds no invariant broken in ${COUNT} stories, from seed ${FIRST} on`, async () => {
      const shares = await Promise.all(Array.from({ length: WORKERS }, (_, n) => share(n)));
      const broken = shares
        .flatMap(({ violations }) => violations)
        .sort((one, other) => one.seed - other.seed)
        .map(({ seed, invariant, said }) => `SIMULATION_SEED=${seed}: ${invariant}: ${said}`);
      expect(broken.slice(0, 20), `${broken.length} violations`).to.deep.equal([]);
      expect(shares.reduce((sum, { played }) => sum + played, 0)).to.equal(COUNT);
    });
});
