import { start } from "../command.ts";
import type { Ground } from "./ground.ts";
import { look } from "./look.ts";
import { live, play, type Result } from "./play.ts";
import type { Point } from "./points.ts";
import { pointsOf, type Stage, type Story } from "./stories.ts";

/** What is still to be played, in order; the environments take from it in turn. */
export type Turn = { story: Story; point: Point };

/** Brings both good releases to an environment, so that there is a way back and one to go to. */
export async function settle(ground: Ground, env: string): Promise<Stage> {
  const [spare, running] = ground.good;
  for (const sha of [spare, running]) {
    const command = ["promote", "--env", env, "--sha", sha, "--local", "--json", "--wait", "60s"];
    const { code, err } = await start(ground.checkout, command).ended;
    if (code !== 0) throw new Error(`${env} could not be settled: ${err.slice(-1_000)}`);
  }
  return { env, running, spare, fresh: "" };
}

/** Plays turn after turn in one environment. What one leaves is what the next begins with. */
export async function playAll(
  ground: Ground,
  stage: Stage,
  next: () => Turn | undefined,
  hear: (result: Result) => void,
): Promise<void> {
  for (let turn = next(); turn; turn = next()) {
    const { story, point } = turn;
    if (story.fresh) stage.fresh = await ground[story.fresh]();
    hear(await play(ground, story, stage, point));
    await follow(ground, stage);
  }
}

/** What runs now is the one to leave next; a good release that does not run is the one to go to. */
async function follow({ checkout, access }: Ground, stage: Stage): Promise<void> {
  const { answers } = await look(checkout.root, stage.env, access);
  if (answers === stage.spare) stage.spare = stage.running;
  stage.running = answers;
}

/** The points of a story, by what its calls are when nothing disturbs it. */
export async function discover(ground: Ground, stage: Stage, story: Story): Promise<Turn[]> {
  if (story.fresh) stage.fresh = await ground[story.fresh]();
  if (story.after) await live(ground, story, stage, story.after);
  const { witnesses } = await live(ground, story, stage);
  await follow(ground, stage);
  const calls = witnesses.filter(({ stage: of }) => of === "begins");
  return pointsOf(story, calls).map((point) => ({ story, point }));
}
