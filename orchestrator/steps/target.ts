import { problem } from "../problems.ts";
import { promotedReleases, quarantine } from "../promotion/history.ts";
import { failed, passed } from "../promotion/outcome.ts";
import type { Step } from "../promotion/step.ts";
import { loadRelease } from "../release/load.ts";

/** Chooses the release to go back to: one that was promoted here before, and whose bytes are still in the bucket. */
export const target: Step = {
  name: "target",
  onFailure: "refuse",
  async run(p) {
    const environment = p.environment.name;
    const promoted = promotedReleases(p.found.entries);
    const { sha } = p.order;
    // Where it is not known what runs, any release that was promoted is one to go back to: the last, first of all.
    const running = p.found.running?.sha;
    const earlier = promoted.filter((release) => release.sha !== running);
    if (sha && running?.startsWith(sha))
      return failed(problem("rollback-target-runs", { environment, sha: running }));
    const chosen = sha
      ? earlier.find((release) => release.sha.startsWith(sha))
      : earlier.find((release) => !quarantine(p.found.entries, release.sha));
    if (!chosen && !sha) return failed(problem("nothing-to-return-to", { environment }));
    if (!chosen)
      return failed(
        problem("rollback-target-unknown", {
          environment,
          sha: sha ?? "",
          promoted: earlier.map((each) => each.sha),
        }),
      );
    p.found.release = await loadRelease([p.ports.store], chosen.sha);
    p.found.wayBack = chosen;
    p.decidedAt = p.ports.clock.monotonic();
    return passed(`back to ${chosen.sha.slice(0, 7)}`);
  },
};
