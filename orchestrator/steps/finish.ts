import { problem } from "../problems.ts";
import type { RunningRelease } from "../promotion/events.ts";
import { tellPeople } from "../promotion/notices.ts";
import { failed, passed, reasonOf } from "../promotion/outcome.ts";
import type { Promotion } from "../promotion/promotion.ts";
import type { Step } from "../promotion/step.ts";
import { attest } from "../release/attestation.ts";
import type { LoadedRelease } from "../release/load.ts";
import { attestationKey, manifestKey, sha256 } from "../release/manifest.ts";

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

/** Puts the attestation beside the release, in the environment's bucket and where the release came from. */
async function seal(p: Promotion): Promise<void> {
  const { source, store, signer, clock } = p.ports;
  const { manifest, manifestBytes } = p.found.release as LoadedRelease;
  const { attests } = p.environment.promotion;
  const key = attestationKey(manifest.sha, attests);
  const claim = {
    attestation: attests,
    manifestKey: manifestKey(manifest.sha),
    manifestSha256: sha256(manifestBytes),
    predicate: {
      environment: p.environment.name,
      promotionId: p.id,
      at: clock.now().toISOString(),
      functions: (p.found.published as RunningRelease).functions,
      validation: p.found.validation ? { passed: p.found.validation.passed } : null,
    },
  };
  const envelope = (await store.get(key)) ?? (await attest(claim, signer));
  await store.put(key, envelope);
  if (!(await source.get(key))) await source.put(key, envelope);
  await store.tag(manifestKey(manifest.sha), { release: manifest.sha, [attests]: "true" });
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
