type Access = "read" | "write";
type Asked = { method: string; path: string };

/** What GitHub's reference says that a token needs, by the path after the repository's own. The first that fits counts. */
const NEEDS: [RegExp, string][] = [
  [/^\/deployments/, "deployments"],
  [/^\/actions\//, "actions"],
  [/^\/pulls\/\d+\/merge$/, "contents"],
  [/^\/(pulls|issues)\b/, "pull-requests"],
  [/^\/commits\/[^/]+\/pulls$/, "pull-requests"],
  [/^\/(commits|compare|contents|git|activity)\b/, "contents"],
];

/** The requests that the token of a job would not have been allowed. */
export function notGranted(asked: Asked[], granted: Record<string, Access>): string[] {
  return asked.flatMap(({ method, path }) => {
    const rest = path.replace(/^\/repos\/[^/]+\/[^/]+/, "");
    if (rest === "" && method === "GET") return [];
    const [, scope] = NEEDS.find(([pattern]) => pattern.test(rest)) ?? [];
    if (!scope) throw new Error(`it is not known here what ${method} ${path} needs`);
    const wanted: Access = method === "GET" ? "read" : "write";
    const fits = granted[scope] === "write" || granted[scope] === wanted;
    return fits ? [] : [`${method} ${path} needs ${scope}: ${wanted}`];
  });
}
