import type { Artifacts } from "../ports/artifacts.ts";

/** A place whose releases are only read: what a reader's credentials could not write is not even tried. */
export function readOnly({ place, get, list }: Artifacts): Artifacts {
  const refuse = async (key: string): Promise<never> => {
    throw new Error(`${key} cannot be written: ${place} is only read here`);
  };
  return { place, readOnly: true, get, list, put: refuse, tag: refuse, keep: refuse, remove: refuse };
}
