import { world } from "../../test/fakes/world.ts";

/**
 * What a promotion takes of its own, the start of its process included and nothing outside: ports in memory that answer at
 * once, a clock whose sleeps take no time. The argument is the number of functions.
 */
const functions = [
  "dashboard",
  ...Array.from({ length: Number(process.argv[2]) - 1 }, (_, n) => `function-${n}`),
];
const w = world();
const { outcome, reason } = await w.promote(await w.release("a release", functions));
if (outcome !== "promoted") throw new Error(`ended ${outcome}: ${reason?.message}`);
