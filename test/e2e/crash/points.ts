/** One call of a port that has an effect outside, such as `ledger.append traffic-intended`; `nth` counts the same calls. */
export type EffectCall = { call: string; nth: number };

/** An update of the stack under way, as soon as so many resources were changed; or a call that has lasted so long. */
export type Middle = {
  resources?: number;
  /** As soon as this resource was changed, whichever it is in the order. */
  /** How the name of the resource begins. */
  resource?: string;
  ms?: number;
  /** Everything that the process started dies with it, as when its machine is lost. */
  machine?: true;
};

/** Where a process dies. `before` a call nothing of it has happened; `after` it all has, and nobody was told. */
export type Point = EffectCall & { when: "before" | "after" | Middle };

/** What has an effect. A heartbeat is none: it says only that its sender lives. */
const EFFECTS: Record<string, string[]> = {
  ledger: ["acquire", "append", "release"],
  store: ["put", "tag"],
  source: ["put"],
  engine: ["up", "settle", "clearLock"],
  traffic: ["route"],
  notifier: ["send"],
  signer: ["sign"],
  validation: ["run"],
};

/** The name of a call that has an effect, the same in every environment; undefined for one that only looks. */
export function effectOf(port: string, method: string, given: unknown[]): string | undefined {
  if (!EFFECTS[port]?.includes(method)) return undefined;
  const about = aboutWhat(port, method, given);
  return [`${port}.${method}`, ...(about ? [about] : [])].join(" ");
}

function aboutWhat(port: string, method: string, [first, second]: unknown[]): string | undefined {
  if (method === "append") {
    const { type, step } = second as { type: string; step?: string };
    return step ? `${type} ${step}` : type;
  }
  if (port === "traffic") return String(first).replace(/^[a-z0-9]+-/, "");
  if (port !== "store" && port !== "source") return undefined;
  return String(first)
    .replace(/\b[0-9a-f]{40}\b/, "sha")
    .replace(/attestations\/.*/, "attestation");
}

export function nameOf({ call, nth, when }: Point): string {
  const what = nth > 1 ? `${call} (${nth})` : call;
  if (typeof when === "string") return `${when} ${what}`;
  const { resources, resource, ms, machine } = when;
  const changed = resource === undefined ? `${resources} resources` : `the resource ${resource}`;
  const how = ms === undefined ? `${changed} changed` : `${ms} ms on`;
  return `in ${what}, ${how}${machine ? ", the machine lost" : ""}`;
}
