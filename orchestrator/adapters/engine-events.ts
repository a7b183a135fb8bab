import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import type { Change, Operation, PendingOperation } from "../ports/engine.ts";
import { begunCreations, type Deployment } from "./pending-creates.ts";

const OPERATIONS: Record<string, Operation> = {
  create: "create",
  update: "update",
  delete: "delete",
  same: "same",
  replace: "replace",
  "create-replacement": "replace",
  "delete-replaced": "replace",
  "discard-replaced": "replace",
  "import-replacement": "replace",
};

/** The changes that the engine's events tell of, one for each resource, without the stack itself. */
export function changesOf(events: EngineEvent[]): Change[] {
  const changes = new Map<string, Change>();
  for (const { resourcePreEvent } of events) {
    if (!resourcePreEvent) continue;
    const { op, urn, type, diffs, detailedDiff, keys, old, new: wanted } = resourcePreEvent.metadata;
    if (type === "pulumi:pulumi:Stack" || type.startsWith("pulumi:providers:")) continue;
    const properties = diffs ?? Object.keys(detailedDiff ?? {});
    const asked = wanted && { inputs: wanted.inputs, protect: wanted.protect ?? false };
    const before = old?.inputs && { before: old.inputs };
    const why = keys?.length ? { replacedFor: keys } : undefined;
    // The parts of a replacement come one by one, and the one that deletes does not say what there will be.
    changes.set(urn, {
      ...changes.get(urn),
      ...{ urn, type, operation: OPERATIONS[op] ?? "other", properties },
      ...asked,
      ...before,
      ...why,
    });
  }
  return [...changes.values()];
}

/** What an update left undecided in a stack's exported state. */
export function pendingIn(deployment: Deployment = {}): PendingOperation[] {
  const others = (deployment.pending_operations ?? []).filter(({ type }) => type !== "creating");
  return [
    ...others.map(({ type, resource }) => ({ urn: resource.urn, operation: type })),
    ...begunCreations(deployment).map((urn) => ({ urn, operation: "creating" })),
  ];
}

/** What only follows from the error that was told: the end of it all, and what a plan still expected by then. */
const FOLLOWS = /^(update|preview) failed$|expected resource operations .* none were seen/;

/** What the engine says went wrong, without colours and without saying it twice. */
export function errorsOf(events: EngineEvent[]): string {
  const messages = events
    .map(({ diagnosticEvent }) => diagnosticEvent)
    .filter((event) => event !== undefined && event.severity === "error")
    .map((event) => plain(event?.message ?? ""));
  const telling = messages.filter((message) => message && !FOLLOWS.test(message));
  return [...new Set(telling)].join("; ");
}

/**
 * The telling lines of an error of the Automation API, which wraps everything that the CLI printed. Used where there are
 * no events: before an operation began.
 */
export function commandError(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const telling = message.split("\n").flatMap((line) => /\berror: (.*)/.exec(line)?.[1] ?? []);
  return [...new Set(telling)].join("; ") || message;
}

const plain = (text: string) =>
  text
    .replaceAll(/<\{%[^%]*%\}>/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();
