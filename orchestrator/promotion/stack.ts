import type { PendingOperation, Plan, ReleaseProgram, StackOutputs } from "../ports/engine.ts";
import { Problem } from "../problem.ts";
import { problem } from "../problems.ts";
import type { Entry } from "./events.ts";
import { reasonOf } from "./outcome.ts";
import { journal, type Promotion } from "./promotion.ts";

/**
 * Asks the engine what a release would change. A plan that creates everything where something runs is made from a state
 * that is lost: nothing good would come of applying it.
 */
export async function planFor(p: Promotion, program: ReleaseProgram): Promise<Plan> {
  const plan = await p.ports.engine.preview(program, p.signal);
  const { previous } = p.found;
  const anew = plan.changes.length > 0 && plan.changes.every(({ operation }) => operation === "create");
  if (previous && anew) throw problem("state-lost", { environment: p.environment.name, sha: previous.sha });
  return plan;
}

/** Applies a plan, with the intent recorded before and the result, good or bad, after. */
export async function updateStack(p: Promotion, program: ReleaseProgram, plan: Plan): Promise<StackOutputs> {
  const { clock, engine } = p.ports;
  const { sha } = program.manifest;
  const began = clock.monotonic();
  const ms = () => Math.round(clock.monotonic() - began);
  await journal(p, { type: "stack-intended", sha });
  try {
    const outputs = await engine.up(program, plan, p.signal);
    await journal(p, { type: "stack-updated", sha, ms: ms(), failure: null });
    return outputs;
  } catch (error) {
    await journal(p, { type: "stack-updated", sha, ms: ms(), failure: reasonOf(error).message });
    if (error instanceof Problem || p.signal.aborted || !plan.pending?.length) throw error;
    const details = { pending: plan.pending.map(sayPending), said: reasonOf(error).message };
    throw problem("pending-operations", details, error);
  }
}

/** An operation that nobody knows the end of, in words: `creating urn:…`. */
export const sayPending = ({ urn, operation }: PendingOperation) => `${operation} ${urn}`;

/** The SHA that a promotion was updating the stack to when its process ended; undefined when it was not. */
export function unfinishedUpdate(entries: Entry[], promotionId: string): string | undefined {
  for (const { promotionId: of, event } of entries.toReversed()) {
    if (of !== promotionId) continue;
    if (event.type === "stack-updated") return undefined;
    if (event.type === "stack-intended") return event.sha;
  }
  return undefined;
}
