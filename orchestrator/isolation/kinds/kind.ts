import type { Place } from "../place.ts";
import type { Context, Deed } from "../policy.ts";

/**
 * A kind of resource in an environment, and for each class of action what doing it comes to. Deeds of one class must all
 * have the same fate: where they may differ, they are two classes.
 */
export type Kind = { kind: string; classes: Record<string, Deed[]> };
/** The kinds of a place, as somebody of another place, or of the same, comes to them. */
export type Kinds = (place: Place, from: Place) => Kind[];

/** `on("arn", "s3:GetObject")`: the same thing done by any of these actions. */
export function on(resource: string, actions: string[], context?: Context): Deed[] {
  return actions.map((action) => ({ action, resource, ...(context ? { context } : {}) }));
}

/** What has no name that says whose it is carries a tag that does. */
export const tagOf = ({ environment }: Place): Context => ({ "aws:resourcetag/environment": environment });
