import { z } from "zod";
import { LEDGER_EVENT, type LedgerEvent } from "../../orchestrator/promotion/events.ts";
import { cell } from "./markdown.ts";

/** When each event is written. A type that is missing here does not compile. */
const WRITTEN: Record<LedgerEvent["type"], string> = {
  "promotion-started": "The lease is held. What is wanted, by whom, and what ran before.",
  "step-started": "A step begins. Recorded before the step does anything.",
  "step-finished": "A step answered, or threw, which is a failure too.",
  "stack-intended": "The engine is about to apply a plan. Recorded before it does.",
  "stack-updated":
    "The engine is done, well or not. Where this is missing, or says that it was cut off, its lock may be left behind.",
  "settling-intended":
    "An update that died had begun to create these. Recorded before it is found out which of them exist.",
  settled: "Which of them exist and were taken into the stack's state, and which do not.",
  "stack-unlocked":
    "The lock of the stack was taken away: the next run's, after an update that did not come to its end, or by `unlock`.",
  "release-published":
    "The versions are published and Lambda reports the manifest's digests. No traffic moved.",
  "traffic-intended": "The aliases are about to be written. Recorded before the first write.",
  "traffic-moved": "All aliases read back as intended.",
  "traffic-restored":
    "The way back is proved: aliases, digests, and health requests answered by the old release.",
  drilled:
    "The way back was rehearsed: the traffic went back to the release before and forward again, both proved. Or why it was not.",
  judged: "What was decided on a release in a step, by which rule and on how many answers.",
  notified: "People were told of it by the alerts topic, which took the notice. Nothing is told twice.",
  quarantined: "A release failed here: it is refused from now on. A requested rollback to it lifts that.",
  held: "A release is kept, or the whole environment is to stay as it is, until a time or until it is released.",
  "hold-released": "Such a hold ended before its time.",
  overridden:
    "A guard would have refused, and a person overruled it. Not written where nothing was in the way.",
  "removal-intended":
    "`gc` is about to remove releases and old versions. Recorded before the first is removed; no rollback goes back to these.",
  "releases-removed": "What it removed of them.",
  "lease-broken": "Somebody took the lease away from a run by `unlock`.",
  "promotion-ended": "The end, with what runs now where that was proved.",
};

const HEAD = `# The ledger

One table an environment, \`<environment>-promotion-ledger\`. Three kinds of items:

| \`pk\` | \`sk\` | What it is |
|---|---|---|
| \`entry\` | the sequence, ten digits | one event; never changed |
| \`head\` | \`head\` | sequence and hash of the last entry |
| \`lease\` | \`lease\` | who may change the environment: holder, fencing token \`fence\`, heartbeat \`beat\` |

An entry has \`sequence\`, \`promotionId\`, \`at\`, \`type\`, \`event\` (JSON), \`previous\` and \`hash\`. \`hash\` is the SHA-256 of the
canonical JSON of \`sequence\`, \`promotionId\`, \`at\`, \`event\` and \`previous\`; \`previous\` is the hash of the entry before, 64
zeros for the first. \`npm run history -- --env <environment> --verify\` checks the chain. Fields are only ever added.

## Events

Made by \`npm run docs\` from [the schema](../orchestrator/promotion/events.ts), never by hand.
`;

/** The page of the ledger: its shape, and a table of its events. */
export function ledgerPage(): string {
  const rows = LEDGER_EVENT.options.map(({ shape }) => {
    const { type, ...fields } = shape;
    const described = Object.entries(fields).map(([name, field]) => `\`${name}\` ${cell(kindOf(field))}`);
    return `| \`${type.value}\` | ${WRITTEN[type.value]} | ${described.join("<br>")} |\n`;
  });
  return `${HEAD}\n| Type | Written when | Fields |\n|---|---|---|\n${rows.join("")}`;
}

type Schema = { type?: string | string[]; enum?: string[]; anyOf?: Schema[]; properties?: object };

/** The kind of value that a field holds, in a few words. */
function kindOf(field: z.ZodType): string {
  const say = ({ type, enum: choices, anyOf, properties }: Schema): string => {
    if (anyOf) return anyOf.map(say).join(" or ");
    if (choices) return choices.join(", ");
    if (properties) return `{ ${Object.keys(properties).join(", ")} }`;
    return type === "object" ? "by function" : [type ?? "anything"].flat().join(" or ");
  };
  return say(z.toJSONSchema(field) as Schema);
}
