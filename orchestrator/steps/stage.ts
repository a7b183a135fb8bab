import { passed } from "../promotion/outcome.ts";
import type { Step } from "../promotion/step.ts";
import type { LoadedRelease } from "../release/load.ts";
import { storeRelease } from "../release/store.ts";

/** Copies the verified bytes to the environment's bucket; the manifest last, so that it never names what is not there. */
export const stage: Step = {
  name: "stage",
  onFailure: "refuse",
  async run(p) {
    const { store } = p.ports;
    const written = await storeRelease(store, p.found.release as LoadedRelease);
    return passed(
      written === 0 ? "the bytes were there already" : `${written} parts written to ${store.place}`,
    );
  },
};
