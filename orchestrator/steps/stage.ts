import { passed } from "../promotion/outcome.ts";
import type { Step } from "../promotion/step.ts";
import type { LoadedRelease } from "../release/load.ts";
import { keysOf, metadataOf, storeRelease } from "../release/store.ts";

/**
 * Copies the verified bytes to the environment's bucket; the manifest last, so that it never names what is not there. With
 * the attestations that opened it, the bucket shows by itself why the release may be here. All parts come as temporary, so
 * that a copy which is interrupted expires, and are kept once the release is whole: no lifecycle rule may take what is
 * about to run. A hitch in that refuses the promotion.
 */
export const stage: Step = {
  name: "stage",
  onFailure: "refuse",
  async run(p) {
    const { store } = p.ports;
    const release = p.found.release as LoadedRelease;
    const written = await storeRelease(store, release);
    await Promise.all(keysOf(release.manifest).map((key) => store.keep(key)));
    for (const [key, envelope] of Object.entries(p.found.attestations ?? {}))
      if (!(await store.get(key))) await store.put(key, envelope, metadataOf(release.manifest));
    return passed(
      written === 0 ? "the bytes were there already" : `${written} parts written to ${store.place}`,
    );
  },
};
