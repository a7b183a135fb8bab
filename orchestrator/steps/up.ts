import type { Plan, StackOutputs } from "../ports/engine.ts";
import { Problem } from "../problem.ts";
import { problem } from "../problems.ts";
import type { RunningRelease } from "../promotion/events.ts";
import { type News, tryToTellPeople } from "../promotion/notices.ts";
import { failed, passed, reasonOf } from "../promotion/outcome.ts";
import { journal, type Promotion } from "../promotion/promotion.ts";
import { updateStack } from "../promotion/stack.ts";
import type { Step } from "../promotion/step.ts";
import { type LoadedRelease, programOf } from "../release/load.ts";
import { codeSha256 } from "../release/manifest.ts";
import { releaseProblem } from "../release/problems.ts";

/** Applies exactly the reviewed plan. It publishes versions; the aliases, and with them the traffic, stay where they are. */
export const up: Step = {
  name: "up",
  onFailure: "take-back",
  async run(p) {
    const release = p.found.release as LoadedRelease;
    if (p.environment.promotion.tellStart) await tryToTellPeople(p, beginning(p, release));
    let outputs: StackOutputs;
    try {
      outputs = await updateStack(p, programOf(release), p.found.plan as Plan);
    } catch (error) {
      if (p.signal.aborted || error instanceof Problem) throw error;
      return failed(problem("up-failed", { said: reasonOf(error).message }, error));
    }
    const published = await describe(p, release, outputs);
    p.found.published = published;
    await journal(p, {
      type: "release-published",
      release: published,
      committedAt: release.manifest.timestamp,
    });
    const versions = Object.entries(published.functions).map(([name, { version }]) => `${name} ${version}`);
    return passed(`published ${versions.join(", ")}`);
  },
};

function beginning(p: Promotion, { manifest: { sha } }: LoadedRelease): News {
  const { name } = p.environment;
  const happened = `${sha} is being promoted to ${name} by ${p.order.holder.who}`;
  const next = `npm run status -- --env ${name}`;
  return { about: "started", promotionId: p.id, sha, happened, running: p.found.running, next };
}

/** What was published, with the digests that Lambda reports, which must be the manifest's. */
async function describe(
  p: Promotion,
  release: LoadedRelease,
  outputs: StackOutputs,
): Promise<RunningRelease> {
  const entries = Object.entries(outputs.functions).map(async ([name, { functionName, version }]) => {
    const part = release.manifest.parts[name];
    const wanted = part ? codeSha256(part) : "a part of the release";
    const found = (await p.ports.traffic.codeSha256(functionName, version)) ?? "nothing";
    if (found !== wanted)
      throw releaseProblem("digest-mismatch", { what: `${functionName}:${version}`, wanted, found });
    return [name, { functionName, version, codeSha256: found }] as const;
  });
  const { dashboardUrl, alarms, alertsTopicArn } = outputs;
  return {
    sha: release.manifest.sha,
    functions: Object.fromEntries(await Promise.all(entries)),
    url: dashboardUrl,
    alarms,
    alertsTopicArn,
  };
}
