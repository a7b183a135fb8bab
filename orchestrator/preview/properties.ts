import { differences } from "../mirror/differences.ts";
import { shown } from "../mirror/shown.ts";
import { isSecret, isUnknown, opened, type Value } from "../mirror/values.ts";
import type { Change } from "../ports/engine.ts";

/** One property that a plan would change. A text says what a value is; undefined is none. */
export type PropertyChange = { path: string; before?: string; after?: string; replaces: boolean };

const AS_IT_IS = { left: (text: string) => text, right: (text: string) => text };

/** Longer values are cut: what changed in them is in the commit. */
const LONGEST = 200;

/**
 * The properties that a change touches, with their values where they may be shown. What the engine blinds is told apart
 * from nothing only by its name, so a secret that changes is named without a value.
 */
export function propertiesOf({ properties, before, inputs, replacedFor = [] }: Change): PropertyChange[] {
  const [left, right] = [opened(before), opened(inputs)];
  const replaces = (path: string) => replacedFor.some((each) => topOf(each) === topOf(path));
  const found = differences(left, right, "", AS_IT_IS);
  const told = found.map(({ path, left: was, right: is }) => ({
    path,
    ...(was === undefined || was === null ? {} : { before: said(was, path) }),
    ...(is === undefined || is === null ? {} : { after: said(is, path) }),
    replaces: replaces(path),
  }));
  // What the engine names and no values show: a secret, the order of a list, or what only the provider sees.
  const silent =
    inputs === undefined
      ? []
      : properties.filter((path) => !told.some((each) => topOf(each.path) === topOf(path)));
  return [...told, ...silent.map((path) => ({ path, replaces: replaces(path) }))];
}

const topOf = (path: string) => path.split(/[.[]/)[0];

function said(value: Value, path: string): string {
  if (isSecret(value)) return "(secret)";
  if (isUnknown(value)) return "(known after the update)";
  return cut(JSON.stringify(shown(value, path, undefined)), LONGEST);
}

/** A text of at most so many characters, none of them halved. */
export function cut(text: string, longest: number): string {
  const whole = [...text];
  return whole.length <= longest ? text : `${whole.slice(0, longest).join("")}… (${whole.length} characters)`;
}
