import { isObject, type Value } from "./values.ts";

/** A path without the numbers of elements, which say little: most lists come in any order. */
export const withoutNumbers = (path: string): string => path.replaceAll(/\[\d+\]/g, "[]");

/** Whether one path is the other, or leads to it. */
export function leadsTo(path: string, other: string): boolean {
  const [short, long] = [withoutNumbers(path), withoutNumbers(other)];
  return short === "" || long === short || (long.startsWith(short) && /^[.[]/.test(long.slice(short.length)));
}

const STEP = /\["((?:[^"\\]|\\.)*)"\]|\[(\w+)=([^\]]*)\]|\[(\d+)\]|([^.[\]]+)/g;

/** What is at a path such as `rules[name=a].state`; undefined when there is nothing. */
export function valueAt(value: Value, path: string): Value {
  let at: Value = value;
  for (const [, quoted, field, name, index, plain] of path.matchAll(STEP)) {
    if (field !== undefined)
      at = Array.isArray(at) ? at.find((each) => isObject(each) && each[field] === name) : undefined;
    else if (index !== undefined) at = Array.isArray(at) ? at[Number(index)] : undefined;
    else at = isObject(at) ? at[quoted ?? plain ?? ""] : undefined;
  }
  return at;
}
