import { problem } from "../problems.ts";
import type { RunningRelease } from "../promotion/events.ts";
import { recordVerdict } from "../promotion/judged.ts";
import { failed, passed } from "../promotion/outcome.ts";
import type { Promotion } from "../promotion/promotion.ts";
import { sighting } from "../promotion/sighting.ts";
import type { Step } from "../promotion/step.ts";
import { askPair, judged, leakOf, note, of, unknownVitals, type Vitals } from "../promotion/vitals.ts";

/** A question that fails may be the network's fault; as often in a row, it is not. */
const TRIES = 3;

/**
 * Asks the new version before it has any traffic: k good answers of n from the function that reports health, a sign of
 * life from every other, and no answer without a key.
 */
export const canary: Step = {
  name: "canary",
  onFailure: "take-back",
  async run(p) {
    const release = p.found.published as RunningRelease;
    const { function: name, probes: count, needed } = p.environment.promotion.health;
    const vitals = unknownVitals();
    const beganAt = p.ports.clock.monotonic();
    const objection =
      (await askForHealth(p, release, vitals)) ??
      (await askAsStranger(p, release)) ??
      (await askTheOthers(p, release, vitals));
    const rule = `${needed} good answers of ${count}, every function ready, none without a key`;
    const verdict = !objection ? "well" : objection.excuse ? "inconclusive" : "ill";
    const because = objection?.because ?? null;
    await recordVerdict(p, { step: "canary", rule, verdict, because, beganAt }, vitals);
    if (!objection) {
      const { evidence, ms } = of(vitals, name);
      const good = evidence.answers - evidence.bad;
      return passed(`${good} of ${count} probes well, the slowest ${Math.round(Math.max(...ms))} ms`);
    }
    if (!objection.excuse) return failed(problem("canary-failed", objection));
    const told = `${objection.because}; ${objection.excuse}`;
    return failed(problem("inconclusive", { during: "canary", because: told }));
  },
};

/** `excuse`: why it tells of the surroundings, not of the release. */
type Objection = { failures: number; of: number; because: string; excuse?: string | undefined };

const excuseOf = (unanswered: number, failures: number) =>
  unanswered === failures ? "not one of these questions was answered" : undefined;

async function askForHealth(
  p: Promotion,
  release: RunningRelease,
  vitals: Vitals,
): Promise<Objection | undefined> {
  const { function: name, probes: count, needed } = p.environment.promotion.health;
  const target = release.functions[name];
  if (!target) throw new Error(`the release has no function ${name} to ask for its health`);
  const before = p.found.previous?.functions[name];
  const answers = of(vitals, name);
  // As soon as the rule cannot be kept any more, the rest need not be asked.
  while (answers.evidence.answers < count && answers.evidence.bad <= count - needed) {
    await askPair(p, { target, before, sha: release.sha }, vitals);
    p.tell({ type: "look", step: "canary", ...sighting(vitals) });
  }
  const { bad, answers: asked } = answers.evidence;
  if (bad <= count - needed) return undefined;
  const shared = vitals.baseline.evidence.bad >= bad;
  const excuse = shared ? "the version that runs fails as well" : excuseOf(answers.unanswered, bad);
  return { failures: bad, of: asked, because: answers.lastProblem ?? "too few answers", excuse };
}

async function askAsStranger(p: Promotion, release: RunningRelease): Promise<Objection | undefined> {
  const target = release.functions[p.environment.promotion.health.function];
  if (!target) return undefined;
  let unanswered = 0;
  for (let attempt = 1; ; attempt++) {
    const stranger = await p.ports.probes.direct(target, { withKey: false });
    if (stranger.ok) return undefined;
    if (stranger.status === 0) unanswered++;
    if (!leakOf(stranger) && attempt < TRIES) continue;
    const because = `without a key: ${stranger.problem}`;
    return { failures: attempt, of: attempt, because, excuse: excuseOf(unanswered, attempt) };
  }
}

async function askTheOthers(
  p: Promotion,
  release: RunningRelease,
  vitals: Vitals,
): Promise<Objection | undefined> {
  const others = Object.entries(release.functions).filter(
    ([name]) => name !== p.environment.promotion.health.function,
  );
  const objections = await Promise.all(
    others.map(async ([name, target]): Promise<Objection | undefined> => {
      const answers = of(vitals, name);
      for (let attempt = 1; attempt <= TRIES; attempt++) {
        const probe = judged(await p.ports.probes.ready(target), release.sha);
        note(p, answers, probe);
        if (probe.ok) return undefined;
      }
      const excuse = excuseOf(answers.unanswered, TRIES);
      return { failures: TRIES, of: TRIES, because: `${name}: ${answers.lastProblem}`, excuse };
    }),
  );
  return objections.find((each) => each !== undefined);
}
