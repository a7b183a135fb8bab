import type { Probe } from "../ports/probes.ts";
import { problem } from "../problems.ts";
import type { RunningRelease } from "../promotion/events.ts";
import { failed, passed } from "../promotion/outcome.ts";
import type { Step } from "../promotion/step.ts";

/** Asks the new version for its health before it has any traffic: k good answers of n, and no answer without a key. */
export const canary: Step = {
  name: "canary",
  onFailure: "take-back",
  async run(p) {
    const { sha, functions } = p.found.published as RunningRelease;
    const { function: name, probes: count, needed } = p.environment.promotion.health;
    const target = functions[name];
    if (!target) throw new Error(`the release has no function ${name} to ask for its health`);
    const answers: Probe[] = [];
    for (let n = 0; n < count; n++)
      answers.push(judge(await p.ports.probes.direct(target, { withKey: true }), sha));
    const stranger = await p.ports.probes.direct(target, { withKey: false });
    if (!stranger.ok) answers.push({ ...stranger, problem: `without a key: ${stranger.problem}` });
    const bad = answers.filter(({ ok }) => !ok);
    const good = answers.length - bad.length;
    if (good >= needed && stranger.ok)
      return passed(
        `${good} of ${count} probes well, the slowest ${Math.max(...answers.map(({ ms }) => Math.round(ms)))} ms`,
      );
    const because = bad[0]?.problem ?? "too few answers";
    // A question that was never answered says nothing against the release.
    if (bad.every(({ status }) => status === 0))
      return failed(problem("inconclusive", { during: "canary", because }));
    return failed(problem("canary-failed", { failures: bad.length, of: answers.length, because }));
  },
};

/** An answer from other code than the release's is no good answer. */
function judge(probe: Probe, sha: string): Probe {
  if (!probe.ok || probe.version === sha) return probe;
  return { ...probe, ok: false, problem: `it reports version ${probe.version}` };
}
