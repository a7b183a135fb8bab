import { problem } from "../problems.ts";
import type { Entry, RunningRelease } from "../promotion/events.ts";
import { promotedReleases, quarantine, requestedRollbackTo } from "../promotion/history.ts";
import { failed, passed } from "../promotion/outcome.ts";
import { promotionProblem } from "../promotion/problems.ts";
import { lastUpdate } from "../promotion/stack.ts";
import type { Step } from "../promotion/step.ts";
import { loadRelease } from "../release/load.ts";

/**
 * Chooses the release to go back to: one that was promoted here before, and whose bytes are still in the bucket. Asked
 * again without a name, right after a rollback, it goes no further: whoever asks may not know that the first one ended.
 */
export const target: Step = {
  name: "target",
  onFailure: "refuse",
  async run(p) {
    const environment = p.environment.name;
    const { entries } = p.found;
    const promoted = promotedReleases(entries);
    const { sha } = p.order;
    // Where it is not known what runs, any release that was promoted is one to go back to: the last, first of all.
    const running = p.found.running?.sha;
    const earlier = promoted.filter((release) => release.sha !== running);
    const before = earlier.find((release) => !quarantine(entries, release.sha));
    const done = sha ? undefined : requestedRollbackTo(entries);
    const again = sha ? running?.startsWith(sha) : done !== undefined && done.sha === running;
    if (again && running && isWhole(entries, running)) {
      if (sha) return failed(problem("rollback-target-runs", { environment, sha: running }));
      const details = { environment, sha: running, at: done?.at ?? "", next: before?.sha ?? null };
      return failed(promotionProblem("rolled-back-already", details));
    }
    const chosen =
      chooseFrom(again ? promoted : earlier, sha ?? (again ? running : undefined)) ??
      (sha ? undefined : before);
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

const chooseFrom = (releases: RunningRelease[], sha: string | undefined) =>
  sha === undefined ? undefined : releases.find((release) => release.sha.startsWith(sha));

/** Whether nothing of the way back to a release is left to do, as far as the ledger knows: its stack is there as well. */
function isWhole(entries: Entry[], sha: string): boolean {
  const last = lastUpdate(entries);
  return last === undefined || (last.whole && last.sha === sha);
}
