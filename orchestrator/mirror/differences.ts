import { fingerprint, isEmpty, isObject, type Reading, type Value } from "./values.ts";

/** One place where two values differ, such as `policy.Statement[0].Action`. */
export type Difference = { path: string; left: Value; right: Value };

type Readings = { left: Reading; right: Reading };

/** What names an element of a list, where it has one of these. */
const NAMES = ["name", "id", "key", "Sid", "sid"];

/**
 * The places where two values differ, each as near to the leaves as it can be named. The order of a list means nothing: a
 * provider gives most of them back in an order of its own. A list of one and its element are the same.
 */
export function differences(left: Value, right: Value, path: string, readings: Readings): Difference[] {
  if (isEmpty(left) && isEmpty(right)) return [];
  if (Array.isArray(left) || Array.isArray(right))
    return ofLists(listed(left), listed(right), path, readings);
  if ((isObject(left) || isEmpty(left)) && (isObject(right) || isEmpty(right))) {
    const [ours, theirs] = [isObject(left) ? left : {}, isObject(right) ? right : {}];
    return [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].flatMap((name) =>
      differences(ours[name], theirs[name], joined(path, name), readings),
    );
  }
  const same = fingerprint(left, readings.left) === fingerprint(right, readings.right);
  return same ? [] : [{ path, left, right }];
}

const listed = (value: Value): Value[] => (Array.isArray(value) ? value : isEmpty(value) ? [] : [value]);

/** Elements that are in both lists are set aside first; of the others those belong together that are named alike. */
function ofLists(left: Value[], right: Value[], path: string, readings: Readings): Difference[] {
  const theirs = right.map((value, index) => ({ value, index, print: fingerprint(value, readings.right) }));
  const ours = left
    .map((value, index) => ({ value, index, print: fingerprint(value, readings.left) }))
    .filter(({ print }) => !taken(theirs, (each) => each.print === print));
  const pairs = ours.map((one) => {
    const name = nameOf(one.value, readings.left);
    const other = name && taken(theirs, (each) => nameOf(each.value, readings.right) === name);
    return { one, other: other || undefined };
  });
  for (const pair of pairs)
    if (!pair.other && !nameOf(pair.one.value, readings.left))
      pair.other = taken(theirs, (each) => !nameOf(each.value, readings.right));
  const whole = left.length <= 1 && right.length <= 1 && !isObject(left[0]) && !isObject(right[0]);
  const at = (value: Value, index: number) => (whole ? path : `${path}[${labelOf(value) ?? index}]`);
  return [
    ...pairs.flatMap(({ one, other }) =>
      other
        ? differences(one.value, other.value, at(one.value, one.index), readings)
        : [{ path: at(one.value, one.index), left: one.value, right: undefined }],
    ),
    ...theirs.map(({ value, index }) => ({ path: at(value, index), left: undefined, right: value })),
  ];
}

/** Takes the first element that fits out of a list. */
function taken<T>(list: T[], fits: (each: T) => boolean): T | undefined {
  const index = list.findIndex(fits);
  return index < 0 ? undefined : list.splice(index, 1)[0];
}

function nameOf(value: Value, read: Reading): string | undefined {
  const name = ownName(value);
  return name && `${name.field}=${read(name.value)}`;
}

function labelOf(value: Value): string | undefined {
  const name = ownName(value);
  return name && `${name.field}=${name.value}`;
}

function ownName(value: Value): { field: string; value: string } | undefined {
  if (!isObject(value)) return undefined;
  for (const field of NAMES) {
    const found = value[field];
    if (typeof found === "string" && found !== "") return { field, value: found };
  }
  return undefined;
}

function joined(path: string, name: string): string {
  if (!/^[\w-]+$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === "" ? name : `${path}.${name}`;
}
