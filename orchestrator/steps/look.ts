import { openPromotions, runningRelease, trusted, wayBack } from "../promotion/history.ts";
import { passed } from "../promotion/outcome.ts";
import type { Step } from "../promotion/step.ts";

/** Reads what has happened to the environment, and who changes it now, without a lease and without disturbing anybody. */
export const look: Step = {
  name: "look",
  onFailure: "refuse",
  async run(p) {
    const { ledger } = p.ports;
    const [all, held] = await Promise.all([ledger.entries(), ledger.held()]);
    const entries = trusted(all, p.environment.name);
    const [open] = openPromotions(entries);
    p.found.entries = entries;
    p.found.holder = held?.holder;
    p.found.wayBack = wayBack(entries);
    // What was left half-done is taken back before anything new begins.
    p.found.previous = open ? p.found.wayBack : runningRelease(entries);
    p.found.running = p.found.previous;
    if (held) return passed(`${held.holder.who} on ${held.holder.host} changes it now (${held.holder.run})`);
    return passed(open ? `${open.promotionId} died and would be cleared up first` : "nobody changes it now");
  },
};
