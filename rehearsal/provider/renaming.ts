import pb, { type Struct, type Value } from "google-protobuf/google/protobuf/struct_pb.js";

/** One property under two names, each as a path: `rules[].filter` and `rules[].filters[0]`. */
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
    const reshaped = reshape(value, from, to);
    if (reshaped !== undefined) fields.set(to.name, reshaped);
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
    from.parents.every((parent, i) => (parent === "[]" ? steps[i]?.startsWith("[") : steps[i] === parent));
  if (!isHere) return path;
  const rest = steps.slice(depth + 1);
  if (from.listOfOne && !to.listOfOne && rest[0]?.startsWith("[")) rest.shift();
  if (to.listOfOne && !from.listOfOne && rest.length > 0) rest.unshift("[0]");
  return [...steps.slice(0, depth), to.name, ...rest].reduce(
    (text, step) => (text === "" || step.startsWith("[") ? text + step : `${text}.${step}`),
    "",
  );
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
      if (parent === "[]") return value.getListValue()?.getValuesList() ?? [];
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

/** Makes the list of one of a value, or the value of a list of one; undefined when that list is empty. */
function reshape(value: Value, from: Place, to: Place): Value | undefined {
  if (from.listOfOne === to.listOfOne || value.hasNullValue()) return value;
  if (to.listOfOne) return new pb.Value().setListValue(new pb.ListValue().setValuesList([value]));
  const held = revealed(value);
  const first = held.hasListValue() ? held.getListValue()?.getValuesList()[0] : held;
  if (held === value || first === undefined) return first;
  value.getStructValue()?.getFieldsMap().set("value", first);
  return value;
}
