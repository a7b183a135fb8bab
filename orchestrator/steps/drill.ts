import { sayDuration } from "../duration.ts";
import type { RunningRelease } from "../promotion/events.ts";
import { failed, passed, reasonOf, type StepResult } from "../promotion/outcome.ts";
import { override } from "../promotion/overrides.ts";
import { promotionProblem } from "../promotion/problems.ts";
import { isLeaseLost, journal, type Promotion } from "../promotion/promotion.ts";
import type { Step } from "../promotion/step.ts";
import { moveTraffic, proveRoutes, proveTraffic, returnTraffic } from "../promotion/traffic.ts";

/**
 * Rolls the traffic back to the release before and forward again, and proves both, so that an environment that people rely
 * on never sees the first try of a way back. The stack stays as it is.
 */
export const drill: Step = {
  name: "drill",
  onFailure: "take-back",
  async run(p) {
    const { drill: wanted, validate } = p.environment.promotion;
    if (!(wanted ?? validate)) return { outcome: "skipped", note: "this environment rehearses no way back" };
    const release = p.found.published as RunningRelease;
    const { wayBack } = p.found;
    if (!wayBack) return await leaveOut(p, release, "there is no release to go back to yet");
    if (wayBack.sha === release.sha)
      return await leaveOut(p, release, "it is the release that was promoted last");
    if (p.order.skipDrill) {
      await override(p, "drill", `the way back to ${wayBack.sha} was to be rehearsed`);
      return await leaveOut(p, release, `${p.order.holder.who} skipped it: ${p.order.why ?? ""}`);
    }
    return await rehearse(p, release, wayBack);
  },
};

/** Without a rehearsal a release may go on, but not without a word of it: in the ledger and in the attestation. */
async function leaveOut(p: Promotion, { sha }: RunningRelease, because: string): Promise<StepResult> {
  p.found.drill = { rehearsed: false, because };
  await journal(p, { type: "drilled", sha, to: null, backMs: null, forwardMs: null, skipped: because });
  return { outcome: "skipped", note: because };
}

async function rehearse(p: Promotion, release: RunningRelease, to: RunningRelease): Promise<StepResult> {
  let way = "back";
  try {
    const backMs = await returnTraffic(p, to);
    await proveRoutes(p, to);
    p.found.running = to;
    say(p, `traffic back on ${to.sha.slice(0, 7)} in ${sayDuration(backMs)}`);
    p.signal.throwIfAborted();
    way = "forward again";
    const forwardMs = await goForward(p, release);
    p.found.running = release;
    p.found.drill = { rehearsed: true, to: to.sha, backMs, forwardMs };
    await journal(p, { type: "drilled", sha: release.sha, to: to.sha, backMs, forwardMs, skipped: null });
    const there = `back to ${to.sha.slice(0, 7)} in ${sayDuration(backMs)}`;
    return passed(`${there}, forward again in ${sayDuration(forwardMs)}, both proved`);
  } catch (error) {
    if (p.signal.aborted || isLeaseLost(error)) throw error;
    const { name: environment } = p.environment;
    const because = reasonOf(error).message;
    return failed(promotionProblem("drill-failed", { environment, way, because }, error));
  }
}

async function goForward(p: Promotion, release: RunningRelease): Promise<number> {
  const { clock } = p.ports;
  const began = clock.monotonic();
  p.found.running = undefined;
  await moveTraffic(p, release, 100);
  await proveTraffic(p, release, "the proof of the way forward");
  await proveRoutes(p, release);
  return Math.round(clock.monotonic() - began);
}

const say = (p: Promotion, text: string) => p.tell({ type: "note", step: "drill", text });
