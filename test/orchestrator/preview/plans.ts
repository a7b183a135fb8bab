import type { Environment } from "../../../orchestrator/environment.ts";
import type { Change, Operation } from "../../../orchestrator/ports/engine.ts";
import { type Preview, previewOf } from "../../../orchestrator/preview/previewed.ts";
import type { LedgerEvent } from "../../../orchestrator/promotion/events.ts";
import { makeRelease } from "../../fakes/release.ts";
import { type World, world } from "../../fakes/world.ts";

export const FUNCTION = "aws:lambda/function:Function";
export const TABLE = "aws:dynamodb/table:Table";
export const QUEUE = "aws:sqs/queue:Queue";

type Given = Partial<Omit<Change, "urn" | "type" | "operation">>;

/** One change of a plan, as the engine tells it. */
export const change = (operation: Operation, type: string, name: string, given: Given = {}): Change => ({
  urn: `urn:pulumi:trial::service::${type}::${name}`,
  type,
  operation,
  properties: [],
  ...given,
});

export const same = (count: number): Change[] =>
  Array.from({ length: count }, (_, index) => change("same", "aws:sns/topic:Topic", `topic-${index}`));

/** What a preview of these changes comes to, in an environment where these events happened. */
export async function previewed(
  changes: Change[],
  {
    events = [],
    promotion = {},
    failing,
    w = world(),
  }: {
    events?: LedgerEvent[];
    promotion?: Partial<Environment["promotion"]>;
    failing?: string;
    w?: World;
  } = {},
): Promise<Preview> {
  const holder = { who: "ada", host: "a host", run: "run 1", promotionId: "earlier" };
  const acquired = await w.ledger.acquire(holder, 60_000);
  if (!acquired.acquired) throw new Error("the ledger of a test is free");
  for (const event of events) await w.ledger.append(acquired.lease, event);
  await w.ledger.release(acquired.lease);
  const { environment } = w.promoting("").p;
  const engine = {
    installed: async () => ({}),
    preview: async () => {
      if (failing) throw new Error(failing);
      return { sha: "", changes, basedOn: "", handle: undefined };
    },
  };
  return await previewOf(
    { ...environment, promotion: { ...environment.promotion, ...promotion } },
    makeRelease("the change"),
    {
      ports: { engine, ledger: w.ledger, clock: w.clock },
      uncommitted: false,
      signal: new AbortController().signal,
    },
  );
}

/** The events by which a release runs. */
export const runs = (sha: string): LedgerEvent[] => [
  {
    type: "promotion-ended",
    outcome: "promoted",
    sha,
    reason: null,
    running: { sha, functions: {}, url: "https://trial.example/", alarms: [], alertsTopicArn: "arn" },
    rollbackMs: null,
  } as LedgerEvent,
];
