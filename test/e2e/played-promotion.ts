import { setTimeout as delay } from "node:timers/promises";
import { progressSink } from "../../orchestrator/cli/progress.ts";
import type { Progress } from "../../orchestrator/promotion/progress.ts";
import { world } from "../fakes/world.ts";

// What a promotion through a world in memory told, told once more as the command line does it, slowly enough to be drawn.

const w = world({ bake: 20_000 });
await w.settled();
const heard: Progress[] = [];
const { outcome } = await w.promote(await w.release("second"), { tell: (progress) => heard.push(progress) });
const tell = await progressSink(process.argv[2] === "json");
for (const progress of heard) {
  tell(progress);
  await delay(30);
}
process.stdout.write(`${outcome}\n`);
process.exitCode = outcome === "promoted" ? 0 : 1;
