import type { SurveyedResource } from "../ports/engine.ts";
import { anywhere, livesByItself, ownPart, withoutDrawn, withoutTimes } from "./by-nature.ts";
import { type Difference, differences } from "./differences.ts";
import { type Drift, driftOf, presence } from "./drift.ts";
import { leadsTo, valueAt, withoutNumbers } from "./places.ts";
import { fingerprint, isSecret, opened, type Reading, type Value } from "./values.ts";

/** One environment as it was surveyed. */
export type Surveyed = { environment: string; survey: SurveyedResource[] };

/** One place where two environments differ, or where one of them is not what its release makes it. */
export type Discrepancy = {
  key: string;
  /** Empty for the resource as a whole. */
  path: string;
  sides: [Side, Side];
};

/** What is found in one environment, and what its release wants there, where that is something else. */
export type Side = { resource: SurveyedResource | undefined; found: Value; wanted?: { value: Value } };

export type Comparison = { resources: number; declared: Discrepancy[]; undeclared: Discrepancy[] };

type Pair = [SurveyedResource | undefined, SurveyedResource | undefined];
type Readings = { left: Reading; right: Reading };

/**
 * Compares what is deployed in two environments. A difference is declared when the releases' own programs, with the
 * configurations that they were released with, want it; and what only tells of something declared follows from it. All
 * else is undeclared, and so is what in one environment is no longer what its release made it, alike or not.
 */
export function compare(left: Surveyed, right: Surveyed): Comparison {
  const readings: Readings = {
    left: anywhere(left.environment, left.survey),
    right: anywhere(right.environment, right.survey),
  };
  const pairs = pairsOf(left.survey, right.survey);
  const undeclared = drifted(pairs, driftOf(left.survey), driftOf(right.survey));
  const declared: Discrepancy[] = [];
  for (const [key, pair] of pairs)
    for (const { isDeclared, ...difference } of ofPair(key, pair, left, right, readings)) {
      if (undeclared.some((known) => known.key === key && meets(known.path, difference.path))) continue;
      (isDeclared ? declared : undeclared).push(difference);
    }
  return { resources: pairs.size, declared, undeclared };
}

const meets = (path: string, other: string) => leadsTo(path, other) || leadsTo(other, path);

function pairsOf(left: SurveyedResource[], right: SurveyedResource[]): Map<string, Pair> {
  const find = (survey: SurveyedResource[], key: string) => survey.find((resource) => resource.key === key);
  const keys = new Set([...left, ...right].map(({ key }) => key));
  return new Map([...keys].map((key) => [key, [find(left, key), find(right, key)]]));
}

type Judged = Discrepancy & { isDeclared: boolean };

function ofPair(key: string, pair: Pair, left: Surveyed, right: Surveyed, readings: Readings): Judged[] {
  const [one, other] = pair;
  // One of the programs does not have it: that is how its release or its configuration wants it.
  if (!one || !other)
    return [
      {
        key,
        path: "",
        sides: [
          { resource: one, found: presence(one) },
          { resource: other, found: presence(other) },
        ],
        isDeclared: true,
      },
    ];
  const [ours, theirs] = [one.found, other.found];
  if (!ours || !theirs) return [];
  const names = [...new Set([ours, theirs].flatMap(Object.keys))].filter(
    (name) => !name.startsWith("__") && !livesByItself(one, name) && !livesByItself(other, name),
  );
  const isSet = (name: string) => name in (one.declared ?? {}) || name in (other.declared ?? {});
  const meant = names
    .filter(isSet)
    .flatMap((name) =>
      differences(opened(one.declared?.[name]), opened(other.declared?.[name]), name, readings),
    );
  return names.flatMap((name) => {
    const values = [opened(ours[name]), opened(theirs[name])] as const;
    // A secret is an environment's own, and to compare it would tell something of it.
    if (values.every(isSecret)) return [];
    const found = isSet(name)
      ? differences(...values, name, readings)
      : differences(
          ownPart(one, name, values[0], left.survey),
          ownPart(other, name, values[1], right.survey),
          name,
          told(readings),
        );
    return found.map((difference) => ({
      key,
      path: difference.path,
      sides: [
        { resource: one, found: difference.left },
        { resource: other, found: difference.right },
      ],
      isDeclared: isSet(name) ? meant.some((each) => alike(each, difference, readings)) : meant.length > 0,
    }));
  });
}

/** What the program does not set is only told: ids that AWS draws and times are no differences in it. */
const told = ({ left, right }: Readings): Readings => ({
  left: (text) => withoutTimes(withoutDrawn(left(text))),
  right: (text) => withoutTimes(withoutDrawn(right(text))),
});

/** The same place and the same two values. */
const alike = (one: Difference, other: Difference, { left, right }: Readings): boolean =>
  withoutNumbers(one.path) === withoutNumbers(other.path) &&
  fingerprint(one.left, left) === fingerprint(other.left, left) &&
  fingerprint(one.right, right) === fingerprint(other.right, right);

/** What drifted in either environment: once where it did so in both, and with what is found there in the other. */
function drifted(pairs: Map<string, Pair>, ours: Drift[], theirs: Drift[]): Discrepancy[] {
  const places = new Map<string, { key: string; path: string }>();
  for (const { resource, path } of [...ours, ...theirs])
    places.set(`${resource.key} ${path}`, { key: resource.key, path });
  const side = (resource: SurveyedResource | undefined, drifts: Drift[], key: string, path: string): Side => {
    const drift = drifts.find((each) => each.resource.key === key && each.path === path);
    if (drift) return { resource, found: drift.found, wanted: { value: drift.wanted } };
    return { resource, found: path === "" ? presence(resource) : valueAt(opened(resource?.found), path) };
  };
  return [...places.values()].map(({ key, path }) => {
    const [one, other] = pairs.get(key) ?? [];
    return { key, path, sides: [side(one, ours, key, path), side(other, theirs, key, path)] };
  });
}
