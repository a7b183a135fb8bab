export type PolicyStatement = {
  Effect: "Allow" | "Deny";
  Action: string | string[];
  Resource: string | string[];
};

/** What IAM decides for one action on one resource, as far as actions and resources decide it: a Deny wins. */
export function decide(
  statements: PolicyStatement[],
  action: string,
  resource: string,
): "Allow" | "Deny" | "none" {
  const applying = statements.filter(
    (statement) => matches(statement.Action, action) && matches(statement.Resource, resource),
  );
  if (applying.some(({ Effect }) => Effect === "Deny")) return "Deny";
  return applying.length > 0 ? "Allow" : "none";
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
