import { passed } from "../promotion/outcome.ts";
import type { Step } from "../promotion/step.ts";
import type { LoadedRelease } from "../release/load.ts";
import { manifestKey } from "../release/manifest.ts";

/**
 * Copies the verified bytes to the environment's bucket; the manifest last, so that it never names what is not there.
 * All of it comes as temporary, so that a copy which is interrupted expires, and is kept once it is whole: no lifecycle
 * rule may take what is about to run. A hitch in that refuses the promotion.
 */
export const stage: Step = {
  name: "stage",
  onFailure: "refuse",
  async run(p) {
    const { manifest, manifestBytes, parts } = p.found.release as LoadedRelease;
    const { store } = p.ports;
    const about = { sha: manifest.sha, timestamp: manifest.timestamp };
    const copies = Object.entries(manifest.parts).map(([name, part]) =>
      store.put(part.key, parts[name] as Uint8Array, about, "temporary"),
    );
    const results = await Promise.all(copies);
    await store.put(manifestKey(manifest.sha), manifestBytes, about, "temporary");
    const keys = [...Object.values(manifest.parts).map(({ key }) => key), manifestKey(manifest.sha)];
    await Promise.all(keys.map((key) => store.keep(key)));
    const written = results.filter((result) => result === "written").length;
    return passed(
      written === 0 ? "the bytes were there already" : `${written} parts written to ${store.place}`,
    );
  },
};
