import type { RunningRelease } from "../promotion/events.ts";

/** What a look at the permissions found: of how many deeds which are denied, or why nobody could say. */
export type Permitted =
  | { checked: true; deeds: number; denied: string[] }
  | { checked: false; because: string };

/** What the credentials in use may do, by a simulation that does nothing. */
export interface Permissions {
  /** Simulates what a promotion does to the ledger, the buckets, the signing key and the functions that run. Never throws. */
  simulate(running: RunningRelease | undefined): Promise<Permitted>;
}
