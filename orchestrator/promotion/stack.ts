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
import { losses } from "./losses.ts";
import { reasonOf } from "./outcome.ts";
import { promotionProblem } from "./problems.ts";
import { journal, type Promotion } from "./promotion.ts";
import { settle } from "./settling.ts";

/**
 * Asks the engine what a release would change. A plan that creates everything where something runs is made from a state
 * that is lost: nothing good would come of applying it. What an update before left half-made is settled first, where
 * this promotion may change something.
 */
export async function planFor(p: Promotion, program: ReleaseProgram, signal = p.signal): Promise<Plan> {
  const { engine } = p.ports;
  let plan = await engine.preview(program, signal);
  if (await settle(p, program, plan)) plan = await engine.preview(program, signal);
  const { previous } = p.found;
  const anew = plan.changes.length > 0 && plan.changes.every(({ operation }) => operation === "create");
  if (previous && anew) throw problem("state-lost", { environment: p.environment.name, sha: previous.sha });
  return plan;
}

/** Applies a plan, with the intent recorded before and the result, good or bad, after. */
export async function updateStack(
  p: Promotion,
  program: ReleaseProgram,
  plan: Plan,
  signal = p.signal,
): Promise<StackOutputs> {
  const { clock, engine } = p.ports;
  const { sha } = program.manifest;
  const kept = plan.leaves?.length ? { kept: [...plan.leaves] } : {};
  const began = clock.monotonic();
  const ms = () => Math.round(clock.monotonic() - began);
  await journal(p, { type: "stack-intended", sha });
  try {
    await proveAgain(p, began);
    const outputs = await engine.up(program, plan, signal);
    await journal(p, { type: "stack-updated", sha, ms: ms(), failure: null, ...kept });
    return outputs;
  } catch (error) {
    const cutOff = error instanceof Problem && error.code === "engine-cut-off" ? { cutOff: true } : {};
    const failure = reasonOf(error).message;
    await journal(p, { type: "stack-updated", sha, ms: ms(), failure, ...kept, ...cutOff });
    if (error instanceof Problem || signal.aborted || !plan.pending?.length) throw error;
    const details = { pending: plan.pending.map(sayPending), said: reasonOf(error).message };
    throw problem("pending-operations", details, error);
  }
}

/** An operation that nobody knows the end of, in words: `creating urn:…`. */
export const sayPending = ({ urn, operation }: PendingOperation) => `${operation} ${urn}`;

/**
 * Makes the stack what an old release says it is: its own infra program, its own configuration. What holds data stays as
 * it is, whatever that release says: who takes something back must not lose what was written since. Whoever is in a hurry
 * gets the end at once, as `stopped-midway`.
 * @returns the URNs of what stays for its data
 */
export async function restoreStack(p: Promotion, { sha }: RunningRelease): Promise<readonly string[]> {
  const signal = p.hurry ?? p.signal;
  // Nothing that this promotion did is to be taken back.
  if (signal.aborted && p.hurry && !touched(p.found.entries, p.id)) return [];
  try {
    signal.throwIfAborted();
    return await restore(p, sha, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    const partly = lastUpdate(p.found.entries)?.sha ?? sha;
    const because = reasonOf(signal.reason).message;
    const details = { environment: p.environment.name, running: sha, sha: partly, because };
    throw promotionProblem("stopped-midway", details, error);
  }
}

async function restore(p: Promotion, sha: string, signal: AbortSignal): Promise<readonly string[]> {
  const { engine, store } = p.ports;
  const release = await loadRelease([store], sha);
  const unfit = await misfit(engine, release.manifest);
  if (unfit) throw unfit;
  const program = programOf(release);
  const whole = await planFor(p, program, signal);
  const losing = losses(whole.changes);
  const plan = losing.length > 0 ? await engine.preview(program, signal, losing) : whole;
  if (!changesNothing(plan)) await updateStack(p, program, plan, signal);
  return losing;
}

const touched = (entries: Entry[], id: string) =>
  entries.some(({ promotionId, event }) => promotionId === id && event.type === "stack-intended");

/** What the stack was updated to last: whether all of it is, and whether the engine may have left its lock. */
export function lastUpdate(entries: Entry[]): { sha: string; whole: boolean; locked: boolean } | undefined {
  let unlocked = false;
  for (const { event } of entries.toReversed()) {
    if (event.type === "stack-unlocked") unlocked = true;
    if (event.type === "stack-intended") return { sha: event.sha, whole: false, locked: !unlocked };
    if (event.type === "stack-updated")
      return {
        sha: event.sha,
        whole: event.failure === null,
        locked: event.cutOff === true && !unlocked,
      };
  }
  return undefined;
}

/** The SHA that the stack was last updated to, whole; undefined when it never was. Traffic may still be on another. */
export function updatedTo(entries: Entry[]): string | undefined {
  for (const { event } of entries.toReversed())
    if (event.type === "stack-updated" && event.failure === null) return event.sha;
  return undefined;
}
