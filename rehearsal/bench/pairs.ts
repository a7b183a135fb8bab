import { spawn } from "node:child_process";

/** A command with its arguments: Node, where no other is named. */
export type Timed = { command?: string; args: string[]; cwd?: string; env?: Record<string, string> };

/** A command that does something else in each run: it is given the number of the run, from 0. */
type Turn = Timed | ((run: number) => Timed);

/** Two commands timed in turn, so that a machine whose speed drifts is as unfair to the one as to the other. */
export type Pair = {
  what: string;
  ours: number[];
  floor: number[];
  /** The median of ours by the median of the floor. */
  ratio: number;
};

/** Times both commands as whole processes, in turn, after one uncounted run of each. Milliseconds. */
export async function timePair(what: string, times: number, ours: Turn, floor: Turn): Promise<Pair> {
  const pair: Pair = { what, ours: [], floor: [], ratio: 0 };
  const take = (turn: Turn, run: number) => time(typeof turn === "function" ? turn(run) : turn);
  for (let run = 0; run <= times; run++) {
    const [a, b] = [await take(ours, run), await take(floor, run)];
    if (run === 0) continue;
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

async function time({ command = process.execPath, args, cwd, env = {} }: Timed): Promise<number> {
  const began = performance.now();
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`${args.join(" ")} ended with exit code ${code}: ${Buffer.concat(said)}`);
  return performance.now() - began;
}
