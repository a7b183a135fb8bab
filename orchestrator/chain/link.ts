/** One link of a release's chain of custody. Where it does not apply, such as in an environment it never got to, nothing is wrong. */
export type Link = {
  /** The environment that it is about; null where it is about the release wherever it is. */
  env: string | null;
  link: "commit" | "manifest" | "objects" | "attestation" | "lambda";
  state: "holds" | "broken" | "not-applicable";
  /** What was found, in words. */
  found: string;
};

export type Chain = { sha: string; holds: boolean; links: Link[] };

type Finding = Pick<Link, "state" | "found">;

export const holds = (found: string): Finding => ({ state: "holds", found });
export const broken = (found: string): Finding => ({ state: "broken", found });
export const notApplicable = (found: string): Finding => ({ state: "not-applicable", found });
export type { Finding };
