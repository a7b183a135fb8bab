import { spawn } from "node:child_process";

/** A command of Node: the program and its arguments. */
export type Timed = { args: string[]; env?: Record<string, string> };

/** Two commands timed in turn, so that a machine whose speed drifts is as unfair to the one as to the other. */
export type Pair = {
  what: string;
  ours: number[];
  floor: number[];
  /** The median of ours by the median of the floor. */
  ratio: number;
};

/** Times both commands as whole processes, in turn, after one uncounted run of each. Milliseconds. */
export async function timePair(what: string, times: number, ours: Timed, floor: Timed): Promise<Pair> {
  const pair: Pair = { what, ours: [], floor: [], ratio: 0 };
  for (let run = -1; run < times; run++) {
    const [a, b] = [await time(ours), await time(floor)];
    if (run < 0) continue;
    pair.ours.push(a);
    pair.floor.push(b);
  }
  pair.ratio = median(pair.ours) / median(pair.floor);
  return pair;
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = sorted.length % 2 ? [sorted[middle], sorted[middle]] : sorted.slice(middle - 1);
  return (low + high) / 2;
}

async function time({ args, env = {} }: Timed): Promise<number> {
  const began = performance.now();
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`${args.join(" ")} ended with exit code ${code}: ${Buffer.concat(said)}`);
  return performance.now() - began;
}
