import type { Properties, SurveyedResource } from "../ports/engine.ts";
import { fingerprint, isEmpty, isObject, opened, type Reading, type Value } from "./values.ts";

/**
 * What changes, or differs, without anybody's doing. All that a program sets is compared; of what a provider only tells,
 * these few have a life of their own. Times and ids need no entry: they are known by their form.
 */
const LIVES: Readonly<Record<string, readonly string[]>> = {
  // How many versions were published.
  "aws:lambda/function:Function": ["version", "qualifiedArn", "qualifiedInvokeArn"],
  // Whether the person has confirmed the mail.
  "aws:sns/topicSubscription:TopicSubscription": ["pendingConfirmation", "confirmationWasAuthenticated"],
};

/** Whether a property is nobody's to keep: it lives, or the program leaves it to another writer (traffic has one). */
export function livesByItself({ type, leftAlone }: SurveyedResource, property: string): boolean {
  return leftAlone.includes(property) || (LIVES[type]?.includes(property) ?? false);
}

const TIME = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)/g;

/** Times are not compared: every change has its own, and what was changed is named anyway. */
export const withoutTimes: Reading = (text) => text.replaceAll(TIME, "<time>");

/** What AWS draws at random: unique ids, UUIDs, the host of a function URL. */
const DRAWN =
  /\b(A[A-Z]{3}[A-Z0-9]{12,}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[a-z0-9]{32})\b/g;

/** What only tells of a resource: a difference between environments in it is none when nothing but its ids differs. */
export const withoutDrawn: Reading = (text) => text.replaceAll(DRAWN, "<drawn>");

/**
 * Reads a text as any environment would have it: without the environment's name, its account, and the ids that AWS gave to
 * its resources, for which the resource's own name stands. Only its own name is taken away: what points into the other
 * environment still differs.
 */
export function anywhere(environment: string, survey: SurveyedResource[]): Reading {
  const given = new Map<string, string>();
  const accounts = new Set<string>();
  for (const { id, key, found, recorded } of survey) {
    for (const arn of [id, found?.arn, recorded?.outputs.arn]) {
      if (typeof arn !== "string" || !arn.startsWith("arn:")) continue;
      const [, , , , account = ""] = arn.split(":");
      if (/^\d{12}$/.test(account)) accounts.add(account);
      if (DRAWN_ONCE.test(arn)) given.set(arn, `<${key}>`);
    }
  }
  const ids = [...given].sort(([a], [b]) => b.length - a.length);
  const name = new RegExp(`(?<![A-Za-z0-9])${environment}(?![A-Za-z0-9])`, "g");
  const account = accounts.size > 0 ? new RegExp(`\\b(${[...accounts].join("|")})\\b`, "g") : undefined;
  return (text) => {
    let plain = text;
    for (const [id, stands] of ids) plain = plain.replaceAll(id, stands);
    plain = plain.replaceAll(name, "<env>");
    return account ? plain.replaceAll(account, "<account>") : plain;
  };
}

const DRAWN_ONCE = new RegExp(DRAWN.source);

/**
 * Leaves out of a property what another resource of the stack answers for: a topic tells the policy that is a resource of
 * its own, a role the policies that are put into it. What nobody answers for stays.
 */
export function ownPart(
  { id, found, type }: SurveyedResource,
  property: string,
  value: Value,
  survey: SurveyedResource[],
): Value {
  const ids = [id, found?.arn].filter((each) => typeof each === "string" && each !== "");
  const attached = survey
    .filter((other) => other.type !== type && other.found !== undefined)
    .filter(({ recorded }) => Object.values(recorded?.inputs ?? {}).some((each) => ids.includes(each)))
    .map((other) => propertiesOf(other.found));
  if (attached.some((told) => told.get(property) === print(value))) return undefined;
  if (!Array.isArray(value)) return value;
  return value.filter((element) => !attached.some((told) => isTold(element, told)));
}

const print = (value: Value) => fingerprint(value, (text) => text);

const propertiesOf = (found: Properties | undefined) =>
  new Map(Object.entries(found ?? {}).map(([name, value]) => [name, print(opened(value))]));

const isTold = (element: Value, told: Map<string, string>) =>
  isObject(element) &&
  !isEmpty(element) &&
  Object.entries(element).every(([name, value]) => told.get(name) === print(value));
