import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import Table from "cli-table3";
import { contend, type Race } from "./contention.ts";
import { type Ground, mortalGround } from "./ground.ts";
import type { Result } from "./play.ts";
import { STORIES, type Stage } from "./stories.ts";
import { discover, playAll, settle } from "./tour.ts";

// The full set, `npm run crash`: every story, every point. `npm run crash -- back asked` plays some of the stories,
// `npm run crash -- contention 5` lets 16 processes promote at once, 5 times (20 unless told). What was seen is kept as JSON.

const KEPT = resolve(import.meta.dirname, "../../..", process.env.REHEARSAL_DIR ?? ".rehearsal");
const began = performance.now();
const seconds = () => Math.round((performance.now() - began) / 1_000);
const say = (text: string) => void process.stdout.write(`${seconds()} s  ${text}\n`);

async function crashAnywhere(ground: Ground, stages: Stage[], names: string[]): Promise<number> {
  const results: Result[] = [];
  const hear = (result: Result) => {
    results.push(result);
    keep("crash.json", results);
    const { story, point, env, objections, code, outcome, ms, orphansMs } = result;
    const said = objections.length === 0 ? "converged" : `NOT: ${objections.join("; ")}`;
    say(`${env}  ${story}: ${point} → ${outcome} (${code}) in ${ms} ms, orphans ${orphansMs} ms: ${said}`);
  };
  try {
    for (const story of STORIES.filter(({ name }) => names.length === 0 || names.includes(name))) {
      const turns = await discover(ground, stages[0] as Stage, story);
      say(`${story.name}: ${story.tells}; ${turns.length} points`);
      await Promise.all(stages.map((stage) => playAll(ground, stage, () => turns.shift(), hear)));
    }
  } finally {
    process.stdout.write(`${table(results)}\n`);
  }
  const astray = results.filter(({ objections }) => objections.length > 0);
  say(`${results.length - astray.length} of ${results.length} converged in one run more`);
  return results.length === 0 ? 1 : astray.length;
}

async function contention(ground: Ground, stages: Stage[], rounds: number): Promise<number> {
  const races: Race[] = [];
  await contend(ground, stages, { rounds, racers: 16 }, (round, result) => {
    races.push(result);
    keep("contention.json", races);
    const { env, racers, winners, slowestRefusalMs, objections } = result;
    const said = objections.length === 0 ? "as it must be" : `NOT: ${objections.join("; ")}`;
    say(
      `round ${round}, ${env}: ${racers} processes, ${winners} won, refused in ${slowestRefusalMs} ms: ${said}`,
    );
  });
  const bad = races.filter(({ objections }) => objections.length > 0).length;
  say(`${races.length - bad} of ${races.length} races in ${rounds} rounds went as they must`);
  return bad;
}

function keep(name: string, seen: unknown): void {
  mkdirSync(KEPT, { recursive: true });
  writeFileSync(join(KEPT, name), `${JSON.stringify(seen, null, 2)}\n`);
}

function table(results: Result[]): string {
  const rows = new Table({ head: ["story", "died", "then", "s", "as it must be"] });
  for (const { story, point, outcome, code, ms, objections } of results) {
    const seen = objections.length === 0 ? "yes" : objections.join("\n");
    rows.push([story, point, `${outcome} (${code})`, (ms / 1_000).toFixed(1), seen]);
  }
  return rows.toString();
}

const given = process.argv.slice(2);
const names = given.filter((each) => !/^\d+$/.test(each));
const rounds = Number(given.find((each) => /^\d+$/.test(each)) ?? 20);
const known = ["contention", ...STORIES.map(({ name }) => name)];
const unknown = names.find((name) => !known.includes(name));
if (unknown) throw new Error(`there is no "${unknown}"; there are ${known.join(", ")}`);
const ground = await mortalGround();
try {
  const stages = await Promise.all(ground.environments.map((env) => settle(ground, env)));
  const bad = names.includes("contention")
    ? await contention(ground, stages, rounds)
    : await crashAnywhere(ground, stages, names);
  process.exitCode = bad > 0 ? 1 : 0;
} finally {
  await ground.end();
}
