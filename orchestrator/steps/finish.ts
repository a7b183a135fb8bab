import { problem } from "../problems.ts";
import type { RunningRelease } from "../promotion/events.ts";
import { tellPeople } from "../promotion/notices.ts";
import { failed, passed, reasonOf } from "../promotion/outcome.ts";
import type { Promotion } from "../promotion/promotion.ts";
import type { Step } from "../promotion/step.ts";
import { attest } from "../release/attestation.ts";
import type { LoadedRelease } from "../release/load.ts";
import { attestationKey, INFRA, manifestKey, sha256 } from "../release/manifest.ts";
import { keysOf, metadataOf } from "../release/store.ts";

const TRIES = 3;
const PAUSE_MS = 1_000;

/** Signs what happened, tags the release and tells people. The release runs already, so a hitch here is tried again. */
export const finish: Step = {
  name: "finish",
  onFailure: "ask",
  async run(p) {
    for (let attempt = 1; ; attempt++) {
      try {
        await seal(p);
        await announce(p);
        return passed(`attested as ${p.environment.promotion.attests}`);
      } catch (error) {
        if (attempt === TRIES)
          return failed(problem("finish-failed", { said: reasonOf(error).message }, error));
        await p.ports.clock.sleep(PAUSE_MS, p.signal);
      }
    }
  },
};

/** Puts the attestation beside the release, in the environment's bucket and, if it may be, where the release came from. */
async function seal(p: Promotion): Promise<void> {
  const { source, store, signer } = p.ports;
  const { manifest, manifestBytes } = p.found.release as LoadedRelease;
  const { attests, requires } = p.environment.promotion;
  const key = attestationKey(manifest.sha, attests);
  const claim = {
    attestation: attests,
    manifestKey: manifestKey(manifest.sha),
    manifestSha256: sha256(manifestBytes),
    predicate: whatHappened(p),
  };
  const envelope = (await store.get(key)) ?? (await attest(claim, signer));
  await store.put(key, envelope, metadataOf(manifest));
  if (!source.readOnly && !(await source.get(key))) await source.put(key, envelope);
  const earned = [...requires.map(({ attestation }) => attestation), attests];
  const tags = {
    release: manifest.sha,
    ...Object.fromEntries(earned.map((attestation) => [attestation, "true"])),
  };
  await Promise.all([...keysOf(manifest), key].map((each) => store.tag(each, tags)));
}

/**
 * What an attestation says beyond whose it is: what was deployed, by which promotion and when, whether its way back was
 * rehearsed, and what the tests found.
 */
function whatHappened(p: Promotion) {
  const { manifest } = p.found.release as LoadedRelease;
  const { validation, drill } = p.found;
  return {
    environment: p.environment.name,
    promotionId: p.id,
    at: p.ports.clock.now().toISOString(),
    sha: manifest.sha,
    functions: (p.found.published as RunningRelease).functions,
    programSha256: manifest.parts[INFRA]?.sha256 ?? null,
    rollback: drill ?? null,
    validation: validation ? { passed: validation.passed, resultsSha256: validation.resultsSha256 } : null,
  };
}

async function announce(p: Promotion): Promise<void> {
  const running = p.found.published as RunningRelease;
  const environment = p.environment.name;
  await tellPeople(p, {
    about: "promoted",
    promotionId: p.id,
    sha: running.sha,
    happened: `${running.sha} was promoted to ${environment}`,
    running,
    next: `nothing; to go back: npm run rollback -- --env ${environment} --reason "…"`,
  });
}
