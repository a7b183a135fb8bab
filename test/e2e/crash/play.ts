import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Ended, start } from "../command.ts";
import { marked } from "../processes.ts";
import { about } from "../promotions.ts";
import type { Ground } from "./ground.ts";
import { look } from "./look.ts";
import type { Witness } from "./mortal-compose.ts";
import { objections } from "./objections.ts";
import { nameOf, type Point } from "./points.ts";
import type { Stage, Story } from "./stories.ts";

export type Result = {
  story: string;
  point: string;
  env: string;
  /** Empty when it converged. */
  objections: string[];
  /** How the run after the death ended, and how long it took, waiting for the lease included. */
  code: number | null;
  outcome: string | null;
  ms: number;
  /** How long what the dead process had started lived on. */
  orphansMs: number;
};

const PATIENCE = ["--local", "--json", "--wait", "60s"];
const ORPHANS_MS = 20_000;
let counted = 0;

type Life = { ended: Ended; witnesses: Witness[]; mark: string };

/** Runs a command as a process that dies at a point, or that only tells what it does. */
export async function live(ground: Ground, story: Story, stage: Stage, point?: Point): Promise<Life> {
  const { root, scratch } = ground.checkout;
  const own = join(scratch, `life-${++counted}-`);
  mkdirSync(own);
  const testimony = join(own, "testimony");
  const ended = await start(ground.checkout, [...story.command(stage), ...PATIENCE], {
    ...surroundings(ground, story),
    TMPDIR: own,
    NODE_OPTIONS: `--import=${join(root, "test/e2e/crash/mortal.ts")}`,
    MORTAL_TESTIMONY: testimony,
    ...(point ? { MORTAL: JSON.stringify(point) } : {}),
  }).ended;
  const told = existsSync(testimony) ? readFileSync(testimony, "utf8").trim().split("\n") : [];
  return { ended, witnesses: told.map((line) => JSON.parse(line)), mark: own };
}

const surroundings = ({ validating }: Ground, { validates }: Story) =>
  validates ? { REHEARSAL_DIR: validating } : {};

/** Plays a story to a death, runs the same command once more, and says what is not as it must be then. */
export async function play(ground: Ground, story: Story, stage: Stage, point: Point): Promise<Result> {
  const { checkout, access } = ground;
  const before = await look(checkout.root, stage.env, access);
  const first = story.after ? [await live(ground, story, stage, story.after)] : [];
  const dead = await live(ground, story, stage, point);
  const orphans = lifeOf(dead.mark);
  const again = await start(checkout, [...story.command(stage), ...PATIENCE], surroundings(ground, story))
    .ended;
  const seen = await look(checkout.root, stage.env, access);
  const lives = [...first, dead];
  const witnesses = lives.flatMap((each) => each.witnesses);
  const survived = lives
    .filter(({ ended }) => ended.signal !== "SIGKILL")
    .map(({ ended: { code, err } }) => `it did not die but ended with ${code}: ${err.slice(-500)}`);
  const document = again.out ? about(again) : undefined;
  const { ends } = story;
  const wanted = story.wanted(stage);
  const objected = document
    ? objections(before, witnesses, { seen, code: again.code, document, wanted, ends })
    : [`the run after it ended with ${again.code}: ${again.err.slice(-500)}`];
  const orphansMs = await orphans;
  const immortal = orphansMs >= ORPHANS_MS ? [`what it started still runs after ${orphansMs} ms`] : [];
  rmSync(dead.mark, { recursive: true, force: true });
  return {
    story: story.name,
    point: nameOf(point),
    env: stage.env,
    objections: [...survived, ...objected, ...immortal],
    code: again.code,
    outcome: document?.outcome ?? null,
    ms: again.ms,
    orphansMs,
  };
}

/** How long, in milliseconds, anything with this mark lives on. Workers of the emulator carry no mark of ours. */
async function lifeOf(mark: string): Promise<number> {
  const began = performance.now();
  const lived = () => Math.round(performance.now() - began);
  while (lived() < ORPHANS_MS && (await marked(mark)).length > 0) await delay(100);
  return lived();
}
