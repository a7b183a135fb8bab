import type { PolicyDocument, Principal, Statement } from "../../../orchestrator/isolation/policy.ts";

/** A principal whose policies were made wider in one place. */
export type PolicyMutant = { of: Principal; what: string; principal: Principal };

/** All the ways in which one slip makes a principal's policies wider. A slip that makes them narrower breaks promotions, and is no hole. */
export function mutantsOf(principal: Principal): PolicyMutant[] {
  const { policies, boundary, trust } = principal;
  const mutants: PolicyMutant[] = policies.flatMap((policy, index) =>
    widened(policy).map(({ what, policy: wider }) => ({
      of: principal,
      what,
      principal: { ...principal, policies: policies.with(index, wider) },
    })),
  );
  if (boundary) {
    const { boundary: _, ...unbounded } = principal;
    mutants.push({ of: principal, what: "boundary dropped", principal: unbounded });
    for (const { what, policy } of widened(boundary))
      mutants.push({
        of: principal,
        what: `boundary: ${what}`,
        principal: { ...principal, boundary: policy },
      });
  }
  for (const { what, policy } of trust ? trustWidened(trust) : [])
    mutants.push({ of: principal, what: `trust: ${what}`, principal: { ...principal, trust: policy } });
  return mutants;
}

type Widened = { what: string; policy: PolicyDocument };

function widened(policy: PolicyDocument): Widened[] {
  return policy.Statement.flatMap((statement, index) => {
    const name = statement.Sid ?? index;
    const changes = statement.Effect === "Deny" ? loosened(statement) : extended(statement);
    return [...changes, ...unconditional(statement)].map(({ what, statements }) => ({
      what: `${name}: ${what}`,
      policy: { ...policy, Statement: policy.Statement.toSpliced(index, 1, ...statements) },
    }));
  });
}

type Change = { what: string; statements: Statement[] };

/** A Deny that is gone, or has one pattern less. */
function loosened(statement: Statement): Change[] {
  const resources = [statement.Resource ?? []].flat();
  const less =
    resources.length < 2
      ? []
      : resources.map((resource, index) => ({
          what: `${resource} no longer denied`,
          statements: [{ ...statement, Resource: resources.toSpliced(index, 1) }],
        }));
  return [{ what: "Deny dropped", statements: [] }, ...less];
}

/** An Allow with a wildcard in place of an environment's name, of a whole resource, or of a service's actions. */
function extended(statement: Statement): Change[] {
  const resources = [statement.Resource ?? []].flat();
  const actions = [statement.Action].flat();
  const wider = resources.flatMap((resource, index) =>
    [resource.replaceAll(/(?<![a-z0-9])(preprod|prod)(?![a-z0-9])/g, "*"), "*"].map((wide) => ({
      what: `${resource} → ${wide}`,
      statements: [{ ...statement, Resource: resources.with(index, wide) }],
      same: wide === resource,
    })),
  );
  const services = [...new Set(actions.map((action) => action.split(":")[0]))];
  const any = services.map((service) => ({
    what: `${service}:*`,
    statements: [{ ...statement, Action: [...actions, `${service}:*`] }],
    same: actions.includes(`${service}:*`),
  }));
  return [...wider, ...any].filter(({ same }) => !same);
}

/** A condition that is gone, or holds for any value. Of a Deny it is the other way round: what holds always denies more. */
function unconditional(statement: Statement): Change[] {
  const { Condition, ...rest } = statement;
  if (!Condition) return [];
  if (statement.Effect === "Deny") return [];
  return conditionsWidened(Condition).map(({ what, condition }) => ({
    what,
    statements: [condition ? { ...rest, Condition: condition } : rest],
  }));
}

type Condition = NonNullable<Statement["Condition"]>;

function conditionsWidened(condition: Condition): { what: string; condition: Condition | undefined }[] {
  return Object.entries(condition).flatMap(([operator, keys]) =>
    Object.keys(keys).flatMap((key) => {
      const { [key]: _, ...others } = keys;
      const without = { ...condition, [operator]: others };
      const any = { ...without, StringLike: { ...condition.StringLike, [key]: "*" } };
      return [
        { what: `condition ${key} dropped`, condition: without },
        { what: `${operator} → StringLike * on ${key}`, condition: any },
      ];
    }),
  );
}

function trustWidened(trust: PolicyDocument): Widened[] {
  return trust.Statement.flatMap((statement, index) => {
    const { Condition, Principal, ...rest } = statement;
    const changed = (what: string, change: Partial<Statement>) => ({
      what,
      policy: {
        ...trust,
        Statement: trust.Statement.with(index, { ...rest, Principal, Condition, ...change } as Statement),
      },
    });
    const conditions = Condition ? conditionsWidened(Condition) : [];
    return [
      changed("anybody", { Principal: "*" }),
      changed("anybody of the account as well", {
        Principal: { ...(Principal as object), AWS: "arn:aws:iam::123456789012:root" },
        Action: ["sts:AssumeRole", ...[statement.Action].flat()],
        Condition: undefined,
      } as Partial<Statement>),
      ...conditions.map(({ what, condition }) =>
        changed(what, { Condition: condition } as Partial<Statement>),
      ),
      ...subjectsWidened(Condition ?? {}).map(({ what, condition }) =>
        changed(what, { Condition: condition }),
      ),
    ];
  });
}

/** A subject that ends in a wildcard, at each of the places where somebody would put one. */
function subjectsWidened(condition: Condition): { what: string; condition: Condition }[] {
  const key = Object.keys(condition.StringEquals ?? {}).find((each) => each.endsWith(":sub"));
  const { [key ?? ""]: subjects = [], ...others } = condition.StringEquals ?? {};
  return [subjects].flat().flatMap((subject) =>
    [/[^:]*$/, /(?<=repo:[^:]*:).*$/, /(?<=repo:[^/]*\/).*$/, /(?<=repo:)[^:]*/].map((part) => {
      const wide = String(subject).replace(part, (found) => (part.source === "[^:]*$" ? `${found}*` : "*"));
      return {
        what: `sub ${subject} → StringLike ${wide}`,
        condition: { ...condition, StringEquals: others, StringLike: { [key ?? ""]: wide } },
      };
    }),
  );
}
