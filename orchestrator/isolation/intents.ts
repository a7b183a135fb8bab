import type { Side } from "./place.ts";

/**
 * What is intended: `allowed`; `refused`, by whatever; or `forbidden`, by an explicit Deny, so that nothing which is given
 * later, or by mistake, can allow it.
 */
export type Intent = "allowed" | "refused" | "forbidden";

/**
 * For a kind of resource: the classes that are allowed, after a bar those that are forbidden, and after another those that are
 * forbidden though what is given would allow them, because it cannot be limited to the names that are meant. The rest is refused.
 */
type Intents = Record<string, string>;

/** `others` and `elsewhere` say what differs from forbidding everything, and from refusing everything. */
type Part = { own: Intents; other?: Intents; elsewhere?: Intents };

const ALL = "*";

/** What gives more rights is forbidden, whoever's they would be. */
const NO_ESCALATION: Intents = {
  "function's role": "| make unbounded, trust, attach, unbind, assume, pass elsewhere",
  "new user": "| make",
  "new group": `| ${ALL}`,
  "identity provider": "| govern",
  policies: "| govern, make",
};

/** What no Deny of another environment can name: it is the account's, or nothing yet. It is refused all the same. */
const UNNAMED: Intents = {
  "cost monitor": "| look, shape, destroy, give away",
  "identity provider": "",
  "new group": "",
};

/** What AWS lists for an account or not at all. */
const READ_BY_ANY_NAME: Intents = {
  alarm: `| ${ALL} | look`,
  "cost monitor": "| look, shape, destroy, give away | look",
};

/** Who runs promotions: all of the service, none of what it stands on, none of its own rights. */
const deployer: Part = {
  own: {
    "state bucket": "list, read, write, delete | destroy, govern",
    "foundation's state": `| ${ALL}`,
    "packages bucket": "list, read, write, tag, delete | destroy, govern",
    ledger: "look, read, list, put, update | delete, shape, destroy",
    "items table": "look, shape, destroy",
    "health key": "look, read secret",
    "news key": "look",
    "secrets key": "look, encrypt, decrypt | destroy, govern",
    "signing key": "look, sign, public key | destroy, govern",
    "key aliases": "| shape",
    function: "look, list, shape, publish, destroy, permit",
    version: "invoke, delete",
    alias: "look, invoke, move traffic",
    "items topic": "look, shape, destroy",
    "alerts topic": "look, publish, shape, destroy",
    // The integration tests leave a letter there, find it again, and take it away.
    queue: "look, read, send, delete, shape, destroy",
    rule: "look, shape, destroy",
    alarm: "look, tags, shape, destroy",
    dashboard: "look, shape, destroy",
    "log group, ingestion": "shape, tags | destroy | destroy",
    "log group, analysis": "shape, tags | destroy | destroy",
    "log group, dashboard": "shape, tags | destroy | destroy",
    "log group, canary": "shape, tags | destroy | destroy",
    "cost monitor": "look, make, shape, destroy",
    ...NO_ESCALATION,
    "function's role":
      "look, make, make as own, shape, drop policy, destroy, pass | make unbounded, trust, attach, unbind, assume, pass elsewhere",
    policies: "| govern, make, tag",
    "new user": "look at role | make",
    deployer: "ask | take over, govern, tag, pass, destroy",
    "release reader": "| take over, govern, tag, pass, destroy",
    "preview reader": "| take over, govern, tag, pass, destroy",
  },
  other: { ...UNNAMED, ...READ_BY_ANY_NAME, "identity provider": "| govern", "new group": `| ${ALL}` },
  elsewhere: {
    ...NO_ESCALATION,
    alarm: "look",
    "cost monitor": "look",
    "secrets key": "| destroy, govern",
    "signing key": "| destroy, govern",
    "key aliases": "| shape",
    "function's role": "| make, shape, make unbounded, trust, attach, unbind, assume, pass elsewhere",
    deployer: "| take over, govern",
    "release reader": "| take over, govern",
    "preview reader": "| take over, govern",
  },
};

/** Who fetches releases for another environment. */
const releaseReader: Part = {
  own: { "packages bucket": "list, read" },
  other: UNNAMED,
};

const NO_DATA: Intents = {
  ledger: "| read, list",
  "items table": "| read, list",
  "news key": `| ${ALL}`,
  "health key": `| ${ALL}`,
  "secrets key": `| ${ALL}`,
  "signing key": `| ${ALL}`,
  "key aliases": `| ${ALL}`,
  version: "| invoke",
  alias: "| invoke",
  queue: "| read",
  "log group, ingestion": "| read",
  "log group, analysis": "| read",
  "log group, dashboard": "| read",
  "log group, canary": "| read",
};

/** Who previews a pull request, by code that anybody may have written: it sees what is there, and no data or secret in it. */
const previewReader: Part = {
  own: {
    ...NO_DATA,
    "log group, ingestion": "tags | read",
    "log group, analysis": "tags | read",
    "log group, dashboard": "tags | read",
    "log group, canary": "tags | read",
    "state bucket": "list, read",
    "packages bucket": "list, read",
    ledger: "look, read, list",
    "items table": "look | read, list",
    function: "look, list",
    alias: "look | invoke",
    "items topic": "look",
    "alerts topic": "look",
    queue: "look | read",
    rule: "look",
    dashboard: "look",
    "cost monitor": "look",
    "function's role": "look",
    "new user": "look at role",
    alarm: "look, tags",
  },
  other: { ...UNNAMED, ...READ_BY_ANY_NAME },
  elsewhere: { ...NO_DATA, ledger: "", alarm: "look", "cost monitor": "look" },
};

const SENDS_WHAT_FAILED: Intents = { queue: "send" };

const PARTS: Record<string, Part> = {
  deployer,
  "release-reader": releaseReader,
  "preview-reader": previewReader,
  "function ingestion": {
    own: {
      ...SENDS_WHAT_FAILED,
      "items table": "put, update",
      "items topic": "publish",
      "news key": "read secret",
      "log group, ingestion": "write",
    },
  },
  "function analysis": {
    own: { ...SENDS_WHAT_FAILED, "items table": "read, update", "log group, analysis": "write" },
  },
  "function dashboard": {
    own: {
      ...SENDS_WHAT_FAILED,
      "items table": "list",
      "health key": "read secret",
      "log group, dashboard": "write",
    },
  },
  "function canary": {
    own: {
      ...SENDS_WHAT_FAILED,
      "alerts topic": "publish",
      alias: "look",
      "health key": "read secret",
      "log group, canary": "write",
    },
  },
  // One ceiling for all functions of an environment: what any of them needs.
  "function, whatever it is given": {
    own: {
      ...SENDS_WHAT_FAILED,
      "items table": "read, list, put, update",
      "items topic": "publish",
      "alerts topic": "publish",
      alias: "look",
      "news key": "read secret",
      "health key": "read secret",
      "log group, ingestion": "write",
      "log group, analysis": "write",
      "log group, dashboard": "write",
      "log group, canary": "write",
    },
  },
};

/** Not somebody: the most that a function could be given by whoever writes its policy. */
export const CEILING = "function, whatever it is given";

/** The parts that have a line in the table: who has none is nobody that was thought of. */
export const PARTS_KNOWN = Object.keys(PARTS);

/** What is intended for one cell of the matrix, and whether only a Deny brings it about. */
export function intended(
  part: string,
  side: Side,
  kind: string,
  action: string,
): { expected: Intent; heldByDeny: boolean } {
  // Of a function the boundary says what it may reach: it can be given nothing else, and a Deny would add nothing.
  const unsaid = side === "other" && !isFunction(part) ? `| ${ALL}` : "";
  const [may = "", never = "", held = ""] = (said(part, side)[kind] ?? unsaid).split("|");
  const heldByDeny = lists(held, action);
  if (lists(may, action)) return { expected: "allowed", heldByDeny };
  return { expected: heldByDeny || lists(never, action) ? "forbidden" : "refused", heldByDeny };
}

/** What the table says of one side: a text for each kind of resource that it says anything of. */
export function said(part: string, side: Side): Intents {
  const of = PARTS[part];
  if (!of)
    throw new Error(`nothing is intended for "${part}": orchestrator/isolation/intents.ts has to say it`);
  return of[side] ?? {};
}

export const isFunction = (part: string) => part.startsWith("function");

const lists = (text: string, action: string) =>
  text.split(",").some((each) => [action, ALL].includes(each.trim()));
