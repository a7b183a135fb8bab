/** One line of what the emulator wrote down. */
export type RawCall = { principal: string; action: string; resource: string; decision: string };

/** What each part of an environment was let do, and to what: actions, each with its resources, `<env>` for any environment. */
export type Calls = Record<string, Record<string, string[]>>;

/** Resources of one kind, and what stands for all of them. Tables are told apart: one is the ledger. */
const ALIKE: [RegExp, string][] = [
  [/^(arn:aws:lambda:.*:function:<env>-sentiment-)[^:]+(:.+)?$/, "$1*"],
  [/^(arn:aws:iam::.*:role\/<env>-sentiment-).+$/, "$1*"],
  [/^(arn:aws:cloudwatch:.*:alarm:<env>-sentiment-).+$/, "$1*"],
  [/^(arn:aws:events:.*:rule\/<env>-sentiment-).+$/, "$1*"],
  [/^(arn:aws:logs:.*:log-group:\/aws\/lambda\/<env>-sentiment-).+$/, "$1*"],
  [/^(arn:aws:dynamodb:.*\/index\/).+$/, "$1*"],
  [/^(arn:aws:secretsmanager:.*-key-)\w{6}$/, "$1*"],
  [/^(arn:aws:ce::\*:anomaly\w+\/).+$/, "$1*"],
  [/^(arn:aws:sns:.*:<env>-sentiment-[a-z-]+):.+$/, "$1:*"],
  // The service's state has a folder to itself: beside it is what its deployer may not touch.
  [/^(arn:aws:s3:::[^/]+\/<env>)\/.+$/, "$1/*"],
  [/^(arn:aws:s3:::[^/]+)\/(?!<env>\/\*).+$/, "$1/*"],
];

/**
 * Makes of what happened once what happens: names of environments, accounts, keys and releases are left out.
 * @param keys the alias of each key, by its id
 */
export function generalise(raw: RawCall[], environments: string[], keys: Map<string, string>): Calls {
  const calls: Calls = {};
  for (const { principal, action, resource, decision } of raw) {
    if (decision !== "Allow") continue;
    const env = environments.find((name) => new RegExp(`(^|[/-])${name}-`).test(principal));
    const part = env && partOf(principal, env);
    if (!part) continue;
    const general = generalised(resource, env, keys);
    const own = calls[part] ?? {};
    const found = own[action] ?? [];
    calls[part] = { ...own, [action]: found.includes(general) ? found : [...found, general] };
  }
  return sorted(calls);
}

function partOf(principal: string, env: string): string | undefined {
  const [, named] = new RegExp(`(?:user|assumed-role)/[\\w-]*?${env}-([\\w-]+)`).exec(principal) ?? [];
  return named?.replace(/^sentiment-(\w+)-role$/, "function $1");
}

function generalised(resource: string, env: string, keys: Map<string, string>): string {
  const [, key] = /:key\/(.+)$/.exec(resource) ?? [];
  if (key) return keys.get(key)?.replace(`alias/${env}-`, "alias/<env>-") ?? "a key without an alias";
  const anywhere = resource
    .replace(
      /^arn:aws:(\w+):([^:]*):(\d*):/,
      (_, service, region, account) => `arn:aws:${service}:${region && "*"}:${account && "*"}:`,
    )
    .replaceAll(new RegExp(`\\b${env}\\b`, "g"), "<env>");
  return ALIKE.reduce((text, [kind, all]) => text.replace(kind, all), anywhere);
}

function sorted(calls: Calls): Calls {
  const byName = <T>(of: Record<string, T>) => Object.entries(of).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    byName(calls).map(([part, actions]) => [
      part,
      Object.fromEntries(byName(actions).map(([action, resources]) => [action, resources.sort()])),
    ]),
  );
}
