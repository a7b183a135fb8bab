import type { Problem } from "../problem.ts";
import { problem } from "../problems.ts";
import { frozen } from "../promotion/freezes.ts";
import { holds, quarantine } from "../promotion/history.ts";
import { failed, passed } from "../promotion/outcome.ts";
import { standing } from "../promotion/overrides.ts";
import type { Promotion } from "../promotion/promotion.ts";
import type { Step } from "../promotion/step.ts";
import { objection } from "../release/attestation.ts";
import { type LoadedRelease, loadRelease, readManifest } from "../release/load.ts";
import { attestationKey, sha256 } from "../release/manifest.ts";

/** Time that a promotion needs beside its bake and its stages: previews, updates and the way back. */
const WORKING_TIME_MS = 10 * 60_000;

/** Everything that can be known to be wrong before anything is changed. */
export const verify: Step = {
  name: "verify",
  onFailure: "refuse",
  async run(p) {
    const release = await loadRelease([p.ports.source, p.ports.store], p.order.sha ?? "");
    p.found.release = release;
    const checks = [
      mayRun,
      isNotHeld,
      isNotFrozen,
      isAttested,
      environmentIsWell,
      credentialsLast,
      thereIsAWayBack,
    ];
    const objections = await Promise.all(checks.map((check) => check(p, release)));
    const objection = await standing(
      p,
      objections.filter((each) => each !== undefined),
    );
    if (objection) return failed(objection);
    const parts = Object.keys(release.parts).length;
    const overruled = (p.found.overridden ?? []).map(({ guard }) => guard);
    const note = overruled.length > 0 ? `; overruled: ${overruled.join(", ")}` : "";
    return passed(`${parts} parts as the manifest says${note}`);
  },
};

async function mayRun(p: Promotion, { manifest: { sha } }: LoadedRelease): Promise<Problem | undefined> {
  const because = quarantine(p.found.entries, sha);
  return because ? problem("quarantined", { sha, because }) : undefined;
}

async function isNotHeld(p: Promotion): Promise<Problem | undefined> {
  const hold = holds(p.found.entries, p.ports.clock.now()).find(({ sha }) => sha === null);
  return hold ? problem("held", { environment: p.environment.name, ...hold }) : undefined;
}

async function isNotFrozen(p: Promotion): Promise<Problem | undefined> {
  const freeze = frozen(p.environment.promotion.freezes, p.ports.clock.now());
  if (!freeze) return undefined;
  return problem("frozen", { environment: p.environment.name, name: freeze.name, until: freeze.said });
}

async function isAttested(p: Promotion, release: LoadedRelease): Promise<Problem | undefined> {
  const { sha } = release.manifest;
  for (const { attestation, publicKey } of p.environment.promotion.requires) {
    const key = attestationKey(sha, attestation);
    const envelope = (await p.ports.source.get(key)) ?? (await p.ports.store.get(key));
    if (!envelope)
      return problem("attestation-missing", { sha, attestation, environment: p.environment.name });
    const because = objection(envelope, {
      attestation,
      publicKey,
      manifestSha256: sha256(release.manifestBytes),
    });
    if (because) return problem("attestation-invalid", { sha, attestation, because });
  }
  return undefined;
}

async function environmentIsWell(p: Promotion): Promise<Problem | undefined> {
  const listed = await p.ports.alarms.list();
  const alarms = listed.filter(({ state }) => state === "ALARM").map(({ name }) => name);
  p.found.firing = alarms;
  return alarms.length > 0
    ? problem("alarms-firing", { environment: p.environment.name, alarms })
    : undefined;
}

async function credentialsLast(p: Promotion): Promise<Problem | undefined> {
  const end = await p.ports.credentialsEnd();
  const { bake, strategy, patience } = p.environment.promotion;
  const watched = strategy.reduce(
    (sum, { holdMs }) => sum + (holdMs > 0 ? holdMs + patience : 0),
    bake + patience,
  );
  const needed = WORKING_TIME_MS + watched;
  const by = new Date(p.ports.clock.now().getTime() + needed);
  if (!end || end >= by) return undefined;
  return problem("credentials-expiring", { expires: end.toISOString(), needed: by.toISOString() });
}

/** The release to go back to must be in the environment's own bucket, or a rollback could not restore its stack. */
async function thereIsAWayBack(p: Promotion): Promise<Problem | undefined> {
  const { wayBack } = p.found;
  if (!wayBack || (await readManifest(p.ports.store, wayBack.sha))) return undefined;
  return problem("no-rollback-target", { environment: p.environment.name, sha: wayBack.sha });
}
