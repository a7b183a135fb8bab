import type { RunningRelease } from "../promotion/events.ts";
import { observe } from "../promotion/observe.ts";
import { failed, passed } from "../promotion/outcome.ts";
import type { Step } from "../promotion/step.ts";
import { moveTraffic } from "../promotion/traffic.ts";

/** Moves the traffic in stages, and looks at the evidence after each. */
export const shift: Step = {
  name: "shift",
  onFailure: "take-back",
  async run(p) {
    const release = p.found.published as RunningRelease;
    for (const { percent, holdMs } of p.environment.promotion.strategy) {
      if (percent < 100 && !p.found.previous) continue;
      p.found.running = undefined;
      p.found.sharedSince ??= p.ports.clock.now();
      await moveTraffic(p, release, percent);
      if (holdMs === 0) continue;
      const objection = await observe(p, { step: "shift", forMs: holdMs, release, whole: false });
      if (objection) return failed(objection);
    }
    return passed("100 % on the new release");
  },
};
