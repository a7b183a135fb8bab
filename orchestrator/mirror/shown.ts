import type { SurveyedResource } from "../ports/engine.ts";
import { differences } from "./differences.ts";
import { valueAt } from "./places.ts";
import { isEmpty, isObject, isSecret, opened, type Value } from "./values.ts";

const HIDDEN = "(not shown)";

/** What a value is called that may be a credential, put there by hand where nobody marked it as one. */
const CREDENTIAL = /secret|passw|token|credential|(api|private|access|signing|encryption)[-_]?key/i;

/**
 * A value as people and logs may see it. Hidden is what the engine knows to be secret, and what is found under the name of
 * a credential, unless the program itself gives just that in the open.
 */
export function shown(value: Value, path: string, resource: SurveyedResource | undefined): Value {
  if (isSecret(value)) return HIDDEN;
  const given = valueAt(opened(resource?.declared), path);
  const asGiven = !isEmpty(given) && differences(given, value, path, AS_THEY_ARE).length === 0;
  return asGiven || isEmpty(value) ? (value ?? null) : hidden(value, path.split(/[.[]/).at(-1) ?? "");
}

const AS_THEY_ARE = { left: (text: string) => text, right: (text: string) => text };

function hidden(value: Value, name: string): Value {
  if (CREDENTIAL.test(name)) return HIDDEN;
  if (Array.isArray(value)) return value.map((each) => hidden(each, name));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([own, each]) => [own, hidden(each, own)]));
}
