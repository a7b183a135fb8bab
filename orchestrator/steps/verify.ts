import type { Problem } from "../problem.ts";
import { problem } from "../problems.ts";
import { frozen } from "../promotion/freezes.ts";
import { holds, quarantine } from "../promotion/history.ts";
import { failed, passed } from "../promotion/outcome.ts";
import { standing } from "../promotion/overrides.ts";
import type { Promotion } from "../promotion/promotion.ts";
import type { Step } from "../promotion/step.ts";
import { timeNeeded } from "../promotion/time-needed.ts";
import { attestationProblem, findAttestation, unrehearsed } from "../release/attested.ts";
import {
  type FoundManifest,
  findManifest,
  type LoadedRelease,
  loadParts,
  readManifest,
} from "../release/load.ts";
import { attestationKey } from "../release/manifest.ts";
import { misfit } from "../release/needs.ts";
import { releaseProblem } from "../release/problems.ts";
import { firstTaken } from "../release/store.ts";

/** Everything that can be known to be wrong before anything is changed. */
export const verify: Step = {
  name: "verify",
  onFailure: "refuse",
  async run(p) {
    const found = await findManifest([p.ports.source, p.ports.store], p.order.sha ?? "");
    // Nothing that the manifest says is followed before it is known to be the attested one.
    const unattested = await isAttested(p, found);
    if (unattested) return failed(unattested);
    const release = await loadParts(found);
    p.found.release = release;
    const checks = [
      mayRun,
      isNotHeld,
      isNotFrozen,
      programFits,
      mayBeStaged,
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
    return passed(`${parts} parts as the manifest says${note}${warning(p)}`);
  },
};

/** What people should know of the attestations that opened the environment, though it keeps nothing out. */
function warning({ found }: Promotion): string {
  const [because] = Object.values(found.attestations ?? {}).flatMap(
    (envelope) => unrehearsed(envelope) ?? [],
  );
  return because === undefined ? "" : `; its way back was never rehearsed (${because})`;
}

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

async function isAttested(p: Promotion, found: FoundManifest): Promise<Problem | undefined> {
  const { sha } = found.manifest;
  const { source, store } = p.ports;
  for (const requirement of p.environment.promotion.requires) {
    const { attestation } = requirement;
    const envelope = await findAttestation([source, store], sha, attestation);
    if (!envelope)
      return releaseProblem("attestation-missing", { sha, attestation, environment: p.environment.name });
    const because = attestationProblem(found, requirement, envelope);
    if (because) return because;
    p.found.attestations = { ...p.found.attestations, [attestationKey(sha, attestation)]: envelope };
  }
  return undefined;
}

const programFits = (p: Promotion, { manifest }: LoadedRelease) => misfit(p.ports.engine, manifest);

/** Other bytes under a key of the release would stop its copying half-way. */
async function mayBeStaged(p: Promotion, release: LoadedRelease): Promise<Problem | undefined> {
  const { store } = p.ports;
  const taken = await firstTaken(store, release);
  return taken === undefined ? undefined : releaseProblem("key-taken", { key: taken, place: store.place });
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
  const by = new Date(p.ports.clock.now().getTime() + timeNeeded(p.environment.promotion));
  if (!end || end >= by) return undefined;
  return problem("credentials-expiring", { expires: end.toISOString(), needed: by.toISOString() });
}

/** The release to go back to must be in the environment's own bucket, or a rollback could not restore its stack. */
async function thereIsAWayBack(p: Promotion): Promise<Problem | undefined> {
  const { wayBack } = p.found;
  if (!wayBack || (await readManifest(p.ports.store, wayBack.sha))) return undefined;
  return problem("no-rollback-target", { environment: p.environment.name, sha: wayBack.sha });
}
