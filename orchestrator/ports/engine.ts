import { z } from "zod";
import type { Manifest } from "../release/manifest.ts";

/** What the engine needs of a release: its manifest and the bytes of its infra program. */
export type ReleaseProgram = { manifest: Manifest; program: Uint8Array };

export type Operation = "create" | "update" | "delete" | "replace" | "same" | "other";

/** One resource that a plan would touch. `properties` are the paths that differ. */
export type Change = { urn: string; type: string; operation: Operation; properties: string[] };

/** What an update was doing to a resource when its process ended, so that nobody knows whether it was done. */
export type PendingOperation = { urn: string; operation: string };

/** What a preview found: the changes, and the state it was made from, which must still be the state when it is applied. */
export type Plan = {
  sha: string;
  changes: Change[];
  /** The digest of the stack's state that the plan was made from. */
  basedOn: string;
  /** What an update before this one left undecided; applying the plan does it again. */
  pending?: PendingOperation[];
  /** What `up` needs to apply exactly this plan. Only the engine that made it can read it. */
  handle: unknown;
};

/** Whether a plan leaves every resource as it is. */
export const changesNothing = (plan: Plan): boolean =>
  plan.changes.every(({ operation }) => operation === "same");

/** The outputs of the infra program that a promotion relies on. */
export const STACK_OUTPUTS = z.object({
  functions: z.record(
    z.string(),
    z.object({ functionName: z.string(), version: z.string(), alias: z.string() }),
  ),
  dashboardUrl: z.string(),
  alarms: z.array(z.string()),
  alertsTopicArn: z.string(),
  itemsTable: z.string(),
});
export type StackOutputs = z.infer<typeof STACK_OUTPUTS>;

/** Pulumi, for one stack. Every method may throw: what the engine says then is in the error's message. */
export interface Engine {
  preview(release: ReleaseProgram, signal: AbortSignal): Promise<Plan>;
  /** Applies the plan, and refuses one whose state is no longer the stack's. */
  up(release: ReleaseProgram, plan: Plan, signal: AbortSignal): Promise<StackOutputs>;
  /** The outputs of the last update, or undefined when the stack was never deployed. */
  outputs(): Promise<StackOutputs | undefined>;
  /**
   * Takes away the lock that an update left whose process died. It takes away anybody's: whoever calls it must know that
   * nobody else's can be there.
   */
  clearLock(release: ReleaseProgram): Promise<void>;
  /** Ends what the engine keeps warm. */
  close(): Promise<void>;
}
