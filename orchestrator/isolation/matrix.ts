import { evaluate } from "./evaluate.ts";
import { CEILING, type Intent, intended, isFunction } from "./intents.ts";
import { kinds } from "./kinds/kinds.ts";
import { elsewhere, type Place, type Side } from "./place.ts";
import type { Deed, PolicyDocument, Principal, Verdict } from "./policy.ts";

/** One question of the proof: may this principal do this class of action to this kind of resource, on this side? */
export type Cell = {
  side: Side;
  /** The environment that the resource is of. */
  environment: string;
  kind: string;
  class: string;
  expected: Intent;
  /** Whether what is given would allow it, and only the explicit Deny is in its way. */
  heldByDeny: boolean;
  deeds: Deed[];
};

/** All questions about who has a part in an environment, with what is intended. `places` are those of all environments. */
export function cellsOf(
  { part, environment }: Pick<Principal, "part" | "environment">,
  places: Place[],
): Cell[] {
  const own = places.find((place) => place.environment === environment);
  if (!own) throw new Error(`nothing is known of ${environment}`);
  const others = places.filter((place) => place !== own);
  const sides: [Side, Place][] = [
    ["own", own],
    ...others.map((place): [Side, Place] => ["other", place]),
    ["elsewhere", elsewhere(own)],
  ];
  return sides.flatMap(([side, place]) =>
    kinds(place, own).flatMap(({ kind, classes }) =>
      Object.entries(classes).map(([name, deeds]) => ({
        side,
        environment: place.environment,
        kind,
        class: name,
        ...intended(part, side, kind, name),
        deeds,
      })),
    ),
  );
}

/** A deed whose fate is not what is intended. */
export type Surprise = { deed: Deed; expected: Intent; found: Verdict };

/** What a principal's policies, evaluated here, make of a cell otherwise than it is intended. */
export function surprisesIn(principal: Principal, { deeds, expected }: Cell): Surprise[] {
  return deeds
    .map((deed) => ({ deed, expected, found: evaluate(principal, deed) }))
    .filter(({ found }) => !meets(found, expected));
}

/** Whether a fate is what was intended: what has to be refused may be forbidden as well. */
export const meets = (found: Verdict, expected: Intent): boolean =>
  found === expected || (expected === "refused" && found !== "allowed");

/** One layer of a principal's rights, as if it were all of them. */
export type Layer = { layer: "all" | "given" | "ceiling"; principal: Principal };

/**
 * The layers of a principal's rights: all of them; what he is given, without what limits it; and for a function its ceiling,
 * as if it were given everything. Each has to hold alone: what two of them refuse is still refused when one of them has a
 * hole, so that nobody would see the hole until the other has one too.
 */
export function layersOf(principal: Principal): Layer[] {
  const { boundary: _, ...unbounded } = principal;
  const given = { ...unbounded, policies: principal.policies.map(withoutDenials) };
  const layers: Layer[] = [
    { layer: "all", principal },
    { layer: "given", principal: given },
  ];
  if (!isFunction(principal.part)) return layers;
  return [...layers, { layer: "ceiling", principal: { ...principal, part: CEILING, policies: [ANYTHING] } }];
}

/** The questions that a layer has to answer well: a Deny is a layer of its own, and what it alone holds up is nobody else's. */
export function askedOf(layer: Layer["layer"], cells: Cell[]): Cell[] {
  if (layer !== "given") return cells;
  return cells
    .filter(({ heldByDeny }) => !heldByDeny)
    .map((cell) => (cell.expected === "forbidden" ? { ...cell, expected: "refused" } : cell));
}

const ANYTHING: PolicyDocument = { Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };

const withoutDenials = (policy: PolicyDocument): PolicyDocument => ({
  ...policy,
  Statement: policy.Statement.filter(({ Effect }) => Effect === "Allow"),
});
