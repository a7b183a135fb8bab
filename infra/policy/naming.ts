import { type Judged, maybe, type Rule, UNKNOWN, valueAt } from "./judged.ts";

/** Named within something that carries the environment's name: a role, a function. */
const NAMED_WITHIN = new Set(["aws:iam/rolePolicy:RolePolicy", "aws:lambda/alias:Alias"]);

/** What costs money: the cost monitor knows the environment by the tag. */
const COSTS = new Set([
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:cloudwatch/metricAlarm:MetricAlarm",
  "aws:dynamodb/table:Table",
  "aws:lambda/function:Function",
  "aws:sns/topic:Topic",
  "aws:sqs/queue:Queue",
]);

export const namedAfterEnvironment: Rule = {
  name: "named-after-environment",
  asks: "What has a name carries the environment's in front.",
  broken({ type, inputs: { name } }, { environment }) {
    if (NAMED_WITHIN.has(type) || name === undefined || name === UNKNOWN) return undefined;
    const own = String(name).replace(/^(\/aws\/lambda\/|alias\/)/, "");
    return own.startsWith(`${environment}-`) ? undefined : `its name is ${name}, not ${environment}-…`;
  },
};

export const namedOnce: Rule = {
  name: "named-once",
  asks: "No two resources of a kind have one name.",
  needsAll: true,
  broken(resource, { resources }) {
    const key = keyOf(resource);
    if (key === undefined) return undefined;
    const first = resources.find((other) => keyOf(other) === key);
    return first === resource ? undefined : `it has the name of ${first?.name}`;
  },
};

/** What AWS tells resources of a kind apart by, as far as the program chooses it. */
function keyOf({ type, inputs }: Judged): string | undefined {
  if (NAMED_WITHIN.has(type)) return undefined;
  const given =
    type === "aws:lambda/permission:Permission" ? [inputs.function, inputs.statementId] : [inputs.name];
  return given.some((part) => part === undefined || part === UNKNOWN)
    ? undefined
    : [type, ...given].join(" ");
}

export const tagged: Rule = {
  name: "tagged",
  asks: "What costs money carries the tag that its environment's costs are known by.",
  broken(resource, { environment }) {
    if (!COSTS.has(resource.type)) return undefined;
    const tag = valueAt(resource, "tags.environment");
    return maybe(tag, environment) ? undefined : `its tag "environment" is ${tag ?? "not there"}`;
  },
};
