import {
  changesNothing,
  type PendingOperation,
  type Plan,
  type ReleaseProgram,
  type StackOutputs,
} from "../ports/engine.ts";
import { Problem } from "../problem.ts";
import { problem } from "../problems.ts";
import { loadRelease, programOf } from "../release/load.ts";
import { misfit } from "../release/needs.ts";
import type { Entry, RunningRelease } from "./events.ts";
import { proveAgain } from "./lease.ts";
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
    await proveAgain(p, began);
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

/** Makes the stack what an old release says it is: its own infra program, its own configuration. */
export async function restoreStack(p: Promotion, { sha }: RunningRelease): Promise<void> {
  const { engine, store } = p.ports;
  const release = await loadRelease([store], sha);
  const unfit = await misfit(engine, release.manifest);
  if (unfit) throw unfit;
  const program = programOf(release);
  const plan = await planFor(p, program);
  if (changesNothing(plan)) return;
  await updateStack(p, program, plan);
}

/** The SHA that a promotion was updating the stack to when its process ended; undefined when it was not. */
export function unfinishedUpdate(entries: Entry[], promotionId: string): string | undefined {
  for (const { promotionId: of, event } of entries.toReversed()) {
    if (of !== promotionId) continue;
    if (event.type === "stack-updated") return undefined;
    if (event.type === "stack-intended") return event.sha;
  }
  return undefined;
}

/** The SHA that the stack was last updated to, whole; undefined when it never was. Traffic may still be on another. */
export function updatedTo(entries: Entry[]): string | undefined {
  for (const { event } of entries.toReversed())
    if (event.type === "stack-updated" && event.failure === null) return event.sha;
  return undefined;
}
