import { type Ground, mortalGround } from "./ground.ts";
import type { Stage } from "./stories.ts";
import { settle } from "./tour.ts";

/** Where promotions are disturbed: every environment runs one good release and has run another. */
export type Disturbed = { ground: Ground; stages: Stage[] };

let shared: Promise<Disturbed> | undefined;

/** The ground of a process, whose suites share it; it ends with them. `npm test` gives each file a process of its own. */
export function disturbed(): Promise<Disturbed> {
  shared ??= raise();
  return shared;
}

async function raise(): Promise<Disturbed> {
  const ground = await mortalGround();
  try {
    return { ground, stages: await Promise.all(ground.environments.map((env) => settle(ground, env))) };
  } catch (error) {
    await ground.end();
    throw error;
  }
}

after(async function () {
  this.timeout(60_000);
  const raised = await shared?.catch(() => undefined);
  await raised?.ground.end();
});
