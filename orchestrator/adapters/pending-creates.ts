import { holdsSecret } from "./secret-marks.ts";

/** A resource as a stack's exported state has it, as far as it is read here. */
type Resource = {
  urn: string;
  type: string;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
};
type Operation = { type: string; resource: Resource };
export type Deployment = { resources?: Resource[]; pending_operations?: Operation[] };

type Inputs = Record<string, unknown>;

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Puts parts together to one ID, if all of them are known. */
const joined = (separator: string, ...parts: unknown[]): string =>
  parts.every((part) => text(part) !== "") ? parts.join(separator) : "";

/**
 * The ID that a resource has if it was made, by what it was to be made of. It is there for every type whose creation is
 * refused when it exists already. The types that are missing are made a second time without harm, as the API then finds
 * the first; what bears a name that only AWS knows (the cost monitor) would be there twice.
 */
const IDS: Readonly<Record<string, (inputs: Inputs) => string>> = {
  "aws:cloudwatch/logGroup:LogGroup": ({ name }) => text(name),
  "aws:dynamodb/table:Table": ({ name }) => text(name),
  "aws:iam/role:Role": ({ name }) => text(name),
  "aws:lambda/alias:Alias": ({ functionName, name }) => joined("/", functionName, name),
  "aws:lambda/function:Function": ({ name }) => text(name),
  "aws:lambda/functionUrl:FunctionUrl": ({ functionName, qualifier }) =>
    qualifier === undefined ? text(functionName) : joined("/", functionName, qualifier),
  "aws:lambda/permission:Permission": ({ function: of, qualifier, statementId }) =>
    joined("/", qualifier === undefined ? text(of) : joined(":", of, qualifier), statementId),
};

/**
 * The URNs that an update began to create and did not end. One that is in the state by now was created; one that is there
 * but was not read back was being adopted when that run ended too.
 */
export function begunCreations({ resources = [], pending_operations = [] }: Deployment): string[] {
  const there = new Set(resources.map(({ urn }) => urn));
  const creating = pending_operations.filter(
    ({ type, resource }) => type === "creating" && !there.has(resource.urn),
  );
  return [
    ...creating.map(({ resource }) => resource.urn),
    ...resources.filter(isHalfAdopted).map(({ urn }) => urn),
  ];
}

/**
 * A state in which every creation that was begun, and whose ID is known, counts as done, and the URNs to read back then: a
 * refresh of those learns what is there, and forgets what is not. Whatever ends in between leaves it to be done again.
 */
export function adopting(deployment: Deployment): { deployment: Deployment; urns: string[] } {
  const { resources = [], pending_operations = [] } = deployment;
  const there = new Set(resources.map(({ urn }) => urn));
  const adopted: Resource[] = [];
  const left = pending_operations.filter(({ type, resource }) => {
    const id = type === "creating" && !there.has(resource.urn) ? idOf(resource) : "";
    if (id) adopted.push({ ...resource, id, outputs: {} });
    return !id;
  });
  const urns = [...resources.filter(isHalfAdopted), ...adopted].map(({ urn }) => urn);
  return {
    deployment: { ...deployment, resources: [...resources, ...adopted], pending_operations: left },
    urns,
  };
}

/**
 * What was read of adopted resources, with what they were to be made of: what AWS tells of a secret is in the open. What it
 * does tell counts, so that one half-made is an update. A function is one in any case: AWS does not tell where its code came
 * from. The same code is the same version, so nothing is published twice.
 */
export function asBegun(read: Deployment, { deployment, urns }: ReturnType<typeof adopting>): Deployment {
  const begun = new Map(deployment.resources?.map(({ urn, inputs }) => [urn, inputs]));
  const adopted = new Set(urns);
  return {
    ...read,
    resources: read.resources?.map((resource) => {
      const inputs = adopted.has(resource.urn) ? begun.get(resource.urn) : undefined;
      return inputs ? { ...resource, inputs, outputs: completed(resource.outputs, inputs) } : resource;
    }),
  };
}

function completed(outputs: Inputs = {}, { __defaults, ...inputs }: Inputs): Inputs {
  const told = ([name, value]: [string, unknown]) => value !== null && !holdsSecret(inputs[name]);
  return { ...inputs, ...Object.fromEntries(Object.entries(outputs).filter(told)) };
}

const idOf = ({ type, inputs = {} }: Resource): string => IDS[type]?.(inputs) ?? "";

/** What was read has outputs. */
const isHalfAdopted = ({ type, outputs = {} }: Resource) => type in IDS && Object.keys(outputs).length === 0;
