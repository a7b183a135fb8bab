import { sayDuration } from "../duration.ts";
import { changesNothing } from "../ports/engine.ts";
import { problem } from "../problems.ts";
import type { RunningRelease } from "../promotion/events.ts";
import { failed, passed, reasonOf } from "../promotion/outcome.ts";
import { journal, type Promotion, shaOf } from "../promotion/promotion.ts";
import { isEvidence } from "../promotion/quarantine.ts";
import { planFor, updateStack } from "../promotion/stack.ts";
import type { Step } from "../promotion/step.ts";
import { restoreTraffic } from "../promotion/traffic.ts";
import { loadRelease, programOf } from "../release/load.ts";

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
      await quarantineAndTell(p, "nothing: there is no earlier release");
      return failed(problem("nothing-to-return-to", { environment: environment.name }));
    }
    try {
      await restoreTraffic(p, wayBack);
    } catch (error) {
      await quarantineAndTell(p, "not known: the way back failed").catch(() => {});
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
    try {
      await quarantineAndTell(p, wayBack.sha);
      await reconcile(p, wayBack);
    } catch (error) {
      const details = { environment: environment.name, sha: wayBack.sha, because: reasonOf(error).message };
      return failed(problem("stack-behind", details, error));
    }
    return passed(`traffic back in ${sayDuration(found.rollbackMs)}, stack as in ${wayBack.sha.slice(0, 7)}`);
  },
};

/** Makes the stack what the old release says it is: its own infra program, its own configuration. */
async function reconcile(p: Promotion, wayBack: RunningRelease): Promise<void> {
  const { store } = p.ports;
  const program = programOf(await loadRelease([store], wayBack.sha));
  const plan = await planFor(p, program);
  if (changesNothing(plan)) return;
  await updateStack(p, program, plan);
}

/** The SHA that is left behind: the one that failed, or the one that ran until a person asked for another. */
function condemned(p: Promotion): string | undefined {
  if (p.order.kind === "promote") return shaOf(p);
  const left = p.found.previous?.sha;
  return left === p.found.wayBack?.sha ? undefined : left;
}

async function quarantineAndTell(p: Promotion, running: string): Promise<void> {
  const sha = condemned(p);
  if (!sha) return;
  const { step, message } = p.failure ?? {
    step: "rollback",
    message: p.order.why ?? "taken back on request",
  };
  if (!p.failure || isEvidence(p.failure.code))
    await journal(p, { type: "quarantined", sha, because: `${step}: ${message}` });
  const topic = (p.found.wayBack ?? p.found.published)?.alertsTopicArn;
  if (!topic) return;
  const environment = p.environment.name;
  await p.ports.notifier.send(topic, {
    subject: `${environment}: ${sha.slice(0, 7)} taken back`,
    body: `Promotion ${p.id} failed at ${step}: ${message}\nRunning now: ${running}\nNext: npm run status -- --env ${environment}`,
  });
}
