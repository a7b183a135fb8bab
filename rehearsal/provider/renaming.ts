import pb, { type Struct, type Value } from "google-protobuf/google/protobuf/struct_pb.js";

/**
 * One property under two names, each as a path: `rules[].filter` and `rules[].filters[0]`. Only its own name changes:
 * one that lies within another renamed one has to be renamed before that.
 */
export type Renaming = { from: string; to: string };

type Step = string; // a name, or an index with its brackets
type Place = { parents: Step[]; name: string; listOfOne: boolean };

const SIGNATURE = "4dabf18193072939515e22adb298388d"; // the engine's mark on a struct that stands for another value
const STEPS = /[^.[\]]+|\[(?:"(?:[^"\\]|\\.)*"|[^\]]*)\]/g;

/** Renames one property in all the places where it occurs in the struct, in place. */
export function renameProperties(struct: Struct, renaming: Renaming): void {
  const from = place(renaming.from);
  const to = place(renaming.to);
  for (const holder of holders(struct, from.parents)) {
    const fields = holder.getFieldsMap();
    const value = fields.get(from.name);
    if (value === undefined) continue;
    fields.del(from.name);
    fields.set(to.name, reshape(value, from, to));
  }
}

/** Renames one property where it occurs in a path such as a diff's: `rules[0].filter.prefix`. */
export function renamePath(path: string, renaming: Renaming): string {
  const from = place(renaming.from);
  const to = place(renaming.to);
  const steps = path.match(STEPS) ?? [];
  const depth = from.parents.length;
  const isHere =
    steps[depth] === from.name &&
    from.parents.every((parent, i) => (isIndex(parent) ? isIndex(steps[i] ?? "") : steps[i] === parent));
  if (!isHere) return path;
  const rest = steps.slice(depth + 1);
  if (from.listOfOne && !to.listOfOne && isIndex(rest[0] ?? "")) rest.shift();
  if (to.listOfOne && !from.listOfOne && rest.length > 0) rest.unshift("[0]");
  return [...steps.slice(0, depth), to.name, ...rest].reduce(
    (text, step) => (text === "" || isIndex(step) ? text + step : `${text}.${step}`),
    "",
  );
}

function isIndex(step: Step): boolean {
  return step.startsWith("[");
}

function place(path: string): Place {
  const steps: Step[] = path.match(STEPS) ?? [];
  const listOfOne = steps.at(-1) === "[0]";
  if (listOfOne) steps.pop();
  return { parents: steps.slice(0, -1), name: steps.at(-1) ?? "", listOfOne };
}

/** The structs that the parents lead to: many when they lead through a list, none when something is not there yet. */
function holders(struct: Struct, parents: Step[]): Struct[] {
  let values: Value[] = [new pb.Value().setStructValue(struct)];
  for (const parent of parents) {
    values = values.map(revealed).flatMap((value) => {
      if (isIndex(parent)) return value.getListValue()?.getValuesList() ?? [];
      const next = value.getStructValue()?.getFieldsMap().get(parent);
      return next === undefined ? [] : [next];
    });
  }
  return values.map(revealed).flatMap((value) => value.getStructValue() ?? []);
}

/** What a secret or an output value holds; any other value itself. */
function revealed(value: Value): Value {
  const fields = value.getStructValue()?.getFieldsMap();
  return (fields?.has(SIGNATURE) ? fields.get("value") : undefined) ?? value;
}

/**
 * Makes the list of one of a value, or the value of a list of one. An empty list and null stand for each other: the
 * bridge cannot read a state back in which the list that it wrote is missing.
 */
function reshape(value: Value, from: Place, to: Place): Value {
  if (from.listOfOne === to.listOfOne) return value;
  if (to.listOfOne) {
    const elements = value.hasNullValue() ? [] : [value];
    return new pb.Value().setListValue(new pb.ListValue().setValuesList(elements));
  }
  const held = revealed(value);
  const elements = held.getListValue()?.getValuesList();
  if (elements === undefined) return value;
  const first = elements[0] ?? new pb.Value().setNullValue(pb.NullValue.NULL_VALUE);
  if (held === value) return first;
  value.getStructValue()?.getFieldsMap().set("value", first);
  return value;
}
