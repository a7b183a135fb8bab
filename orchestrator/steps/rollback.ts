import { sayDuration } from "../duration.ts";
import { Problem } from "../problem.ts";
import { problem } from "../problems.ts";
import type { RunningRelease } from "../promotion/events.ts";
import { tellPeople } from "../promotion/notices.ts";
import { failed, passed, reasonOf } from "../promotion/outcome.ts";
import { journal, type Promotion, shaOf } from "../promotion/promotion.ts";
import { isEvidence } from "../promotion/quarantine.ts";
import { restoreStack } from "../promotion/stack.ts";
import type { Step } from "../promotion/step.ts";
import { restoreTraffic } from "../promotion/traffic.ts";

/**
 * Takes the environment back to what ran before. Traffic first, in seconds, and proved; then the SHA is quarantined, if
 * there is evidence against it, and people are told; last the stack is reconciled to the old release, which takes as
 * long as it takes.
 */
export const rollback: Step = {
  name: "rollback",
  onFailure: "ask",
  async run(p) {
    const { environment, found, ports } = p;
    const { wayBack } = found;
    if (!wayBack) {
      await condemn(p);
      return failed(problem("nothing-to-return-to", { environment: environment.name }));
    }
    try {
      await restoreTraffic(p, wayBack);
    } catch (error) {
      await condemn(p).catch(() => {});
      const because = reasonOf(error).message;
      return failed(problem("rollback-failed", { environment: environment.name, because }, error));
    }
    found.running = wayBack;
    found.rollbackMs = Math.round(ports.clock.monotonic() - (p.decidedAt ?? 0));
    p.tell({
      type: "note",
      step: "rollback",
      text: `traffic back on ${wayBack.sha.slice(0, 7)} in ${sayDuration(found.rollbackMs)}`,
    });
    let kept: readonly string[];
    try {
      await condemn(p);
      await announce(p, wayBack);
      kept = await restoreStack(p, wayBack);
    } catch (error) {
      if (error instanceof Problem && error.code === "stopped-midway") return failed(error);
      const details = { environment: environment.name, sha: wayBack.sha, because: reasonOf(error).message };
      return failed(problem("stack-behind", details, error));
    }
    const but = kept.length > 0 ? `, but for what holds data and stays: ${kept.join(", ")}` : "";
    const stack = `stack as in ${wayBack.sha.slice(0, 7)}${but}`;
    return passed(`traffic back in ${sayDuration(found.rollbackMs)}, ${stack}`);
  },
};

/** The SHA that is left behind: the one that failed, or the one that ran until a person asked for another. */
function leftBehind(p: Promotion): string | undefined {
  if (p.order.kind === "promote") return shaOf(p);
  const left = p.found.previous?.sha;
  return left === p.found.wayBack?.sha ? undefined : left;
}

/** Why the environment is taken back. */
function cause({ failure, order }: Promotion): string {
  if (failure) return `${failure.step}: ${failure.message}`;
  return `rollback: ${order.why ?? "taken back on request"}`;
}

/** Quarantines what is left behind, if there is evidence against it. */
async function condemn(p: Promotion): Promise<void> {
  const sha = leftBehind(p);
  if (!sha || (p.failure && !isEvidence(p.failure.code))) return;
  await journal(p, { type: "quarantined", sha, because: cause(p) });
}

/** Tells that the traffic is back. A release that is not valid goes no further, which its people must know. */
async function announce(p: Promotion, running: RunningRelease): Promise<void> {
  const environment = p.environment.name;
  const sha = leftBehind(p) ?? "";
  const about = p.failure?.code === "validation-failed" ? "blocked" : "rolled-back";
  const further = about === "blocked" ? "; it was not attested, so no later environment takes it" : "";
  await tellPeople(p, {
    about,
    promotionId: p.id,
    sha,
    happened: `${sha || environment} was taken back${sha ? ` from ${environment}` : ""}, because of ${cause(p)}${further}`,
    running,
    next: `npm run status -- --env ${environment}`,
  });
}
