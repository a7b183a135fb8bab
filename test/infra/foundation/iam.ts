export type PolicyStatement = {
  Effect: "Allow" | "Deny";
  Action: string | string[];
  Resource: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
};

type Decision = "Allow" | "Deny" | "none";

/** What IAM decides for one action on one resource, by what is known of the request: a Deny wins. */
export function decide(
  statements: PolicyStatement[],
  action: string,
  resource: string,
  context: Record<string, string> = {},
): Decision {
  const applying = statements.filter(
    (statement) =>
      matches(statement.Action, action) &&
      matches(statement.Resource, resource) &&
      holds(statement.Condition ?? {}, context),
  );
  if (applying.some(({ Effect }) => Effect === "Deny")) return "Deny";
  return applying.length > 0 ? "Allow" : "none";
}

function holds(
  condition: NonNullable<PolicyStatement["Condition"]>,
  context: Record<string, string>,
): boolean {
  return Object.entries(condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => {
      const is = [wanted].flat().includes(context[key] ?? "");
      if (operator === "StringEquals") return is;
      if (operator === "StringNotEquals") return !is;
      throw new Error(`this does not know the operator ${operator}`);
    }),
  );
}

function matches(patterns: string | string[], value: string): boolean {
  return [patterns].flat().some((pattern) => {
    const source = pattern
      .replace(/[.+^${}()|[\]\\/]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".");
    return new RegExp(`^${source}$`, "i").test(value);
  });
}
