import { sayDuration } from "../duration.ts";
import type { RunningRelease } from "../promotion/events.ts";
import { observe } from "../promotion/observe.ts";
import { failed, passed } from "../promotion/outcome.ts";
import type { Step } from "../promotion/step.ts";

/** Watches the alarms and asks for health during the bake time. No data is not a pass. */
export const watch: Step = {
  name: "watch",
  onFailure: "take-back",
  async run(p) {
    const release = p.found.published as RunningRelease;
    const { bake } = p.environment.promotion;
    const objection = await observe(p, { step: "watch", forMs: bake, release, whole: true });
    if (objection) return failed(objection);
    p.found.running = release;
    return passed(`${sayDuration(bake)} without an alarm, all answers from the new release`);
  },
};
