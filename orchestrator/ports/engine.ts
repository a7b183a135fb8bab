import { z } from "zod";
import type { Manifest } from "../release/manifest.ts";

/** What the engine needs of a release: its manifest and the bytes of its infra program. */
export type ReleaseProgram = { manifest: Manifest; program: Uint8Array };

export type Operation = "create" | "update" | "delete" | "replace" | "same" | "other";

/** One resource that a plan would touch. `properties` are the paths that differ. */
export type Change = {
  urn: string;
  type: string;
  operation: Operation;
  properties: string[];
  /** What the program asks for, secrets blinded; not there for what it no longer asks for. */
  inputs?: Record<string, unknown>;
  /** What the last update was asked for, secrets blinded; not there for what is new. */
  before?: Record<string, unknown>;
  /** The properties whose change needs another resource in place of this one. */
  replacedFor?: string[];
  /** Whether the engine refuses to delete it. */
  protect?: boolean;
};

/** What an update was doing to a resource when its process ended, so that nobody knows whether it was done. */
export type PendingOperation = { urn: string; operation: string };

/** What became of a resource that an update began to create and did not end. */
export type Settlement = { urn: string; became: "adopted" | "absent" };

/** What a preview found: the changes, and the state it was made from, which must still be the state when it is applied. */
export type Plan = {
  sha: string;
  changes: Change[];
  /** The digest of the stack's state that the plan was made from. */
  basedOn: string;
  /** What an update before this one left undecided; applying the plan does it again. */
  pending?: PendingOperation[];
  /** The URNs that the plan leaves exactly as they are, whatever the program says. */
  leaves?: readonly string[];
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

/** Properties of a resource by name. A secret's value is "[secret]", whatever it is. */
export type Properties = Record<string, unknown>;

/** One resource of a stack: as the release wants it, as the last update left it, and as it is now. */
export type SurveyedResource = {
  /** Its place in the program, from the types of its parents to its name: the same in every environment. */
  key: string;
  type: string;
  name: string;
  /** The name that AWS knows it by; empty for what was never made. */
  id: string;
  /** What the program gives it, with the configuration of its release; undefined when the program does not have it. */
  declared: Properties | undefined;
  /** What the last update gave it, and all that was read back then; undefined when no update made it. */
  recorded: { inputs: Properties; outputs: Properties } | undefined;
  /** What is read back now; undefined when it is gone. */
  found: Properties | undefined;
  /** The properties that the program leaves to another writer. */
  leftAlone: string[];
  /** The properties whose declared value is not what was found, as the engine itself compares them; it sees secrets too. */
  changed: string[];
};

/** Pulumi, for one stack. Every method may throw: what the engine says then is in the error's message. */
export interface Engine {
  /** @param leaving the URNs that the plan shall leave as they are; what they need stays as well */
  preview(release: ReleaseProgram, signal: AbortSignal, leaving?: readonly string[]): Promise<Plan>;
  /**
   * Applies the plan, and refuses one whose state is no longer the stack's. Told to stop it ends within seconds: with
   * `engine-cut-off` where it had to be killed.
   */
  up(release: ReleaseProgram, plan: Plan, signal: AbortSignal): Promise<StackOutputs>;
  /** The outputs of the last update, or undefined when the stack was never deployed. */
  outputs(): Promise<StackOutputs | undefined>;
  /**
   * Reads every resource of the stack as it is now, beside what the release wants and what the last update left.
   * Changes nothing and takes no lock. Throws when the stack was never deployed.
   */
  survey(release: ReleaseProgram, signal: AbortSignal): Promise<SurveyedResource[]>;
  /**
   * Takes away the lock that an update left whose process died. It takes away anybody's: whoever calls it must know that
   * nobody else's can be there.
   */
  clearLock(release: ReleaseProgram): Promise<void>;
  /**
   * Finds out of each resource that an update began to create, and did not end, whether it exists, where that can be told
   * from what it was to be made of. One that exists is taken into the state, one that does not is forgotten. Changes
   * nothing but the state. Those of which it cannot be told stay pending.
   */
  settle(release: ReleaseProgram): Promise<Settlement[]>;
  /** The installed version of each of these packages, as an infra program would get it; none for one that is not there. */
  installed(packages: string[]): Promise<Record<string, string>>;
  /** Ends what the engine keeps warm. */
  close(): Promise<void>;
}
