import { changesNothing, type Plan } from "../ports/engine.ts";
import { problem } from "../problems.ts";
import { brokenRules } from "../promotion/broken-rules.ts";
import { losses } from "../promotion/losses.ts";
import { failed, passed } from "../promotion/outcome.ts";
import { override } from "../promotion/overrides.ts";
import type { Promotion } from "../promotion/promotion.ts";
import type { Step } from "../promotion/step.ts";
import type { LoadedRelease } from "../release/load.ts";
import { codeSha256 } from "../release/manifest.ts";

/** Lets a plan pass only if it loses nothing and breaks no rule; ends the promotion here if there is nothing to do. */
export const gate: Step = {
  name: "gate",
  onFailure: "refuse",
  async run(p) {
    const plan = p.found.plan as Plan;
    const lost = losses(plan.changes);
    const allowed = new Set(p.order.allowDestructive ?? []);
    const urns = lost.filter((urn) => !allowed.has(urn));
    if (urns.length > 0) return failed(problem("destructive-change", { urns }));
    const broken = brokenRules(plan, p.environment.name);
    if (broken.length > 0) return failed(problem("policy-violated", { broken }));
    for (const urn of lost)
      await override(p, "destructive-change", problem("destructive-change", { urns: [urn] }).message);
    if (changesNothing(plan) && (await runsAlready(p)))
      return { outcome: "unchanged", note: "the environment already runs this release" };
    if (lost.length > 0) return passed(`will lose, with leave: ${lost.join(", ")}`);
    return passed("no data would be lost, no rule is broken");
  },
};

/** Whether all traffic goes to versions whose code is this release's, by the digests that Lambda reports. */
async function runsAlready(p: Promotion): Promise<boolean> {
  const { previous, wayBack } = p.found;
  const { manifest } = p.found.release as LoadedRelease;
  // A release that runs but was never recorded as promoted is not done: this promotion finishes its record.
  if (previous?.sha !== manifest.sha || wayBack?.sha !== manifest.sha) return false;
  const { traffic } = p.ports;
  const whole = Object.entries(previous.functions).map(async ([name, { functionName }]) => {
    const part = manifest.parts[name];
    const { version, canary } = await traffic.read(functionName);
    return (
      !canary && part !== undefined && (await traffic.codeSha256(functionName, version)) === codeSha256(part)
    );
  });
  return (await Promise.all(whole)).every(Boolean);
}
