/** A value as it is compared: documents in JSON are opened, and what the provider keeps for itself is left out. */
export type Value = string | number | boolean | null | undefined | Value[] | { [name: string]: Value };

/** What the engine gives in place of a secret. */
export const SECRET = "[secret]";

/** What it gives in place of a value that is known only after an update. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Opens what is hidden in strings: a policy, a dashboard and the like are compared by their parts, not by their spelling. */
export function opened(value: unknown): Value {
  if (typeof value === "string") return document(value) ?? value;
  if (Array.isArray(value)) return value.map(opened);
  if (value === null || typeof value !== "object") return value as Value;
  const own = Object.entries(value).filter(([name]) => !name.startsWith("__"));
  return Object.fromEntries(own.map(([name, each]) => [name, opened(each)]));
}

function document(text: string): Value {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return opened(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Nothing, in any spelling: a provider says "" or 0 or [] in one reading and leaves it out in the next. */
export function isEmpty(value: Value): boolean {
  if (Array.isArray(value)) return value.every(isEmpty);
  if (isObject(value)) return Object.values(value).every(isEmpty);
  return !value;
}

export const isObject = (value: Value): value is { [name: string]: Value } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether any part of a value will be known only after an update. */
export function isUnknown(value: Value): boolean {
  if (typeof value === "string") return value.includes(UNKNOWN);
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(isUnknown);
}

export function isSecret(value: Value): boolean {
  if (typeof value === "string") return value === SECRET;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(isSecret);
}

/** How texts are made comparable before they are compared. */
export type Reading = (text: string) => string;

/**
 * The same text for the same value, whatever the order of names and of elements, and without what is empty. A list of one
 * and its element are the same.
 */
export function fingerprint(value: Value, read: Reading): string {
  if (typeof value === "string") return JSON.stringify(read(value));
  if (Array.isArray(value) && value.length === 1) return fingerprint(value[0], read);
  if (Array.isArray(value))
    return `[${value
      .map((each) => fingerprint(each, read))
      .sort()
      .join()}]`;
  if (!isObject(value)) return String(value);
  const parts = Object.entries(value)
    .filter(([, each]) => !isEmpty(each))
    .map(([name, each]) => `${JSON.stringify(name)}:${fingerprint(each, read)}`);
  return `{${parts.sort().join()}}`;
}
