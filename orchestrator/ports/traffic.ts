/** Where an alias sends requests: `version` gets what `canary` does not. `weight` is a share between 0 and 1. */
export type Route = { version: string; canary?: { version: string; weight: number } };

/** A route as it was read, with the revision that a change of it must name. */
export type ReadRoute = Route & { revision: string };

/** The alias `live` of each function. The promotion is its only writer. */
export interface Traffic {
  read(functionName: string): Promise<ReadRoute>;
  /** Changes the route if its revision is still the one given; otherwise throws `route-changed`. */
  route(functionName: string, route: Route, revision: string): Promise<ReadRoute>;
  /** The base64 SHA-256 of the code that Lambda reports for a published version; undefined when there is none. */
  codeSha256(functionName: string, version: string): Promise<string | undefined>;
}
