import { type Judged, maybe, type Rule, type Stack, UNKNOWN, valueAt } from "./judged.ts";

const TABLE = "aws:dynamodb/table:Table";
const QUEUE = "aws:sqs/queue:Queue";
const FUNCTION = "aws:lambda/function:Function";
const HOLDS_DATA = new Set([
  TABLE,
  QUEUE,
  "aws:s3/bucket:Bucket",
  "aws:kms/key:Key",
  "aws:secretsmanager/secret:Secret",
]);

export const dataKept: Rule = {
  name: "data-kept",
  asks: "What holds data is protected; a table can be brought back to any second and says when items end.",
  broken(resource) {
    if (HOLDS_DATA.has(resource.type) && resource.protect === false)
      return "the engine would let it be deleted";
    if (resource.type !== TABLE) return undefined;
    const off = ["deletionProtectionEnabled", "pointInTimeRecovery.enabled", "ttl.enabled"].find(
      (path) => !maybe(valueAt(resource, path), true),
    );
    return off && `${off} is not true`;
  },
};

export const dataEncrypted: Rule = {
  name: "data-encrypted",
  asks: "What holds data is encrypted.",
  broken(resource) {
    if (resource.type === TABLE && !maybe(valueAt(resource, "serverSideEncryption.enabled"), true))
      return "serverSideEncryption.enabled is not true";
    const { sqsManagedSseEnabled, kmsMasterKeyId } = resource.inputs;
    if (resource.type === QUEUE && !maybe(sqsManagedSseEnabled, true) && !kmsMasterKeyId)
      return "it has neither sqsManagedSseEnabled nor a key";
    return undefined;
  },
};

export const logsEnd: Rule = {
  name: "logs-end",
  asks: "A log group says how many days it keeps what it is told.",
  broken({ type, inputs }) {
    const { retentionInDays: days } = inputs;
    if (type !== "aws:cloudwatch/logGroup:LogGroup" || days === UNKNOWN) return undefined;
    return Number(days) > 0 ? undefined : "it keeps its logs for ever";
  },
};

export const functionsPublish: Rule = {
  name: "functions-publish",
  asks: "A function publishes each change as a version, and says what bytes it runs.",
  broken({ type, inputs }) {
    if (type !== FUNCTION) return undefined;
    if (!maybe(inputs.publish, true)) return "publish is not true: there is no version to give traffic to";
    return inputs.sourceCodeHash ? undefined : "it has no sourceCodeHash: a change of its code goes unseen";
  },
};

export const functionsLog: Rule = {
  name: "functions-log",
  asks: "A function's log group is the program's: one that Lambda makes keeps its logs for ever.",
  needsAll: true,
  broken(resource, stack) {
    if (resource.type !== FUNCTION || resource.inputs.name === UNKNOWN) return undefined;
    const group = `/aws/lambda/${resource.inputs.name}`;
    const has = some(stack, "aws:cloudwatch/logGroup:LogGroup", ({ inputs }) => maybe(inputs.name, group));
    return has ? undefined : `there is no log group ${group}`;
  },
};

export const failuresKept: Rule = {
  name: "failures-kept",
  asks: "An event that a function, or a subscription to a topic, fails on for good is kept somewhere.",
  needsAll: true,
  broken(resource, stack) {
    const { type, inputs } = resource;
    if (type === "aws:sns/topicSubscription:TopicSubscription")
      return inputs.protocol === "lambda" && !inputs.redrivePolicy ? "it has no redrivePolicy" : undefined;
    if (type !== FUNCTION || inputs.name === UNKNOWN) return undefined;
    const has = some(
      stack,
      "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
      (config) =>
        maybe(config.inputs.functionName, inputs.name) &&
        Boolean(valueAt(config, "destinationConfig.onFailure.destination")),
    );
    return has ? undefined : "it has no onFailure destination";
  },
};

const some = ({ resources }: Stack, type: string, fits: (resource: Judged) => boolean) =>
  resources.some((resource) => resource.type === type && fits(resource));
