import type { Properties, SurveyedResource } from "../ports/engine.ts";
import { livesByItself, ownPart, withoutTimes } from "./by-nature.ts";
import { type Difference, differences } from "./differences.ts";
import { isEmpty, isSecret, isUnknown, opened, SECRET, type Value } from "./values.ts";

/** One place where a resource is not what the last promotion made it. The path is empty for the resource as a whole. */
export type Drift = { resource: SurveyedResource; path: string; wanted: Value; found: Value };

const DEPLOYED = "deployed";
const NOT_DEPLOYED = "not deployed";

/** Whether a resource is there, in words. */
export const presence = (resource: SurveyedResource | undefined): string =>
  resource?.found ? DEPLOYED : NOT_DEPLOYED;

const READINGS = { left: withoutTimes, right: withoutTimes };

/** Everything in a stack that is no longer, or not yet, what its release makes it. */
export function driftOf(survey: SurveyedResource[]): Drift[] {
  return survey.flatMap((resource) => {
    const { declared, recorded, found } = resource;
    const whole = (wanted: string, is: string) => [{ resource, path: "", wanted, found: is }];
    if (!declared) return found ? whole(NOT_DEPLOYED, DEPLOYED) : [];
    if (!recorded || !found) return whole(DEPLOYED, NOT_DEPLOYED);
    const names = new Set([declared, recorded.inputs, recorded.outputs, found].flatMap(Object.keys));
    return [...names]
      .filter((name) => !name.startsWith("__") && !livesByItself(resource, name))
      .flatMap((name) => ofProperty(resource, name, { declared, recorded, found }, survey));
  });
}

type Sides = { declared: Properties; recorded: NonNullable<SurveyedResource["recorded"]>; found: Properties };

/**
 * What the last update read back is compared with what is read now, since only these two are spelled alike. What the
 * program gives is compared with what the last update gave: that tells a state that was refreshed or updated by hand.
 */
function ofProperty(
  resource: SurveyedResource,
  name: string,
  { declared, recorded, found }: Sides,
  survey: SurveyedResource[],
): Drift[] {
  const [given, before, now] = [declared[name], recorded.outputs[name], found[name]].map(opened);
  const isSet = name in declared || name in recorded.inputs;
  const known = isSet && !isUnknown(given);
  if (known && !isSecret(given) && name in found && differences(given, now, name, READINGS).length === 0)
    return [];
  const own = (value: Value) => (isSet ? value : ownPart(resource, name, value, survey));
  const answered = !isEmpty(now) && isEmpty(own(now));
  const moved = answered ? [] : differences(own(before), own(now), name, READINGS);
  const meant = known ? differences(given, opened(recorded.inputs[name]), name, READINGS) : [];
  const drifted = [...moved, ...meant.filter(({ path }) => !moved.some((each) => each.path === path))];
  const unseen = isSecret(given) && resource.changed.includes(name) && drifted.length === 0;
  if (unseen) return [{ resource, path: name, wanted: SECRET, found: SECRET }];
  return drifted.map(({ path, left, right }: Difference) => ({ resource, path, wanted: left, found: right }));
}
