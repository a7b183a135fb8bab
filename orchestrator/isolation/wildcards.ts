type Pattern = { prefix: string; rest: RegExp | undefined };

const compiled = new Map<string, Pattern>();

/** Whether a value fits a pattern of a policy: `*` stands for anything, `?` for one character. Case counts. */
export function matches(pattern: string, value: string): boolean {
  let known = compiled.get(pattern);
  if (!known) {
    known = compile(pattern);
    compiled.set(pattern, known);
  }
  const { prefix, rest } = known;
  // Most patterns differ from most values before their first wildcard.
  return rest ? value.startsWith(prefix) && rest.test(value) : value === prefix;
}

function compile(pattern: string): Pattern {
  const wildcard = pattern.search(/[*?]/);
  if (wildcard === -1) return { prefix: pattern, rest: undefined };
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\/]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return { prefix: pattern.slice(0, wildcard), rest: new RegExp(`^${source}$`, "s") };
}
