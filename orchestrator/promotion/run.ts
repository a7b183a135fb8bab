import { problem } from "../problems.ts";
import { BEGINNING, type End, type Happened, next, type State } from "./machine.ts";
import { callForHelp } from "./notices.ts";
import { type Outcome, type Reason, reasonOf, type StepOutcome, type StepResult } from "./outcome.ts";
import { journal, type Promotion, shaOf } from "./promotion.ts";
import type { Course, Step } from "./step.ts";
import { sayTraffic } from "./traffic.ts";

export type StepRecord = { name: string; outcome: StepOutcome; ms: number };
export type Conclusion = { outcome: Outcome; reason: Reason | null; steps: StepRecord[] };

/**
 * Runs a course to one of the five ends. The machine says what comes next; this loop does it and tells the machine what
 * came of it. Whatever happens, the ledger is closed and the lease given back.
 */
export async function run(p: Promotion, course: Course): Promise<Conclusion> {
  const steps: StepRecord[] = [];
  p.tell({
    type: "started",
    promotionId: p.id,
    environment: p.environment.name,
    sha: shaOf(p),
    steps: course.steps.map(({ name }) => name),
  });
  let state: State = BEGINNING;
  while (state.at !== "ended") {
    state = next(course, state, await happen(p, course, state, steps));
    if (state.at === "closing" && state.end.outcome === "needs-human")
      state = { at: "closing", end: { ...state.end, reason: await whereabouts(p, state.end.reason) } };
  }
  p.tell({ type: "ended", ...state.end, sha: shaOf(p) });
  return { ...state.end, steps };
}

type Going = Exclude<State, { at: "ended" }>;

async function happen(p: Promotion, course: Course, state: Going, records: StepRecord[]): Promise<Happened> {
  if (state.at === "closing") return await close(p, state.end);
  if (state.at === "way-back") {
    turnBack(p, state.failed, state.reason);
    return whatCameOf(await attempt(p, course.takeBack as Step, records));
  }
  const step = course.steps[state.index] as Step;
  // What only a person could judge if it were left out is never left out.
  if (p.signal.aborted && step.onFailure !== "ask") return { type: "stopped", reason: interruption(p, step) };
  return whatCameOf(await attempt(p, step, records));
}

function whatCameOf(result: StepResult): Happened {
  if (result.outcome === "failed") return { type: "failed", reason: result.reason };
  return { type: result.outcome === "unchanged" ? "unchanged" : "passed" };
}

/** Whoever must take over is told where the traffic is, as it is read, not as it was meant to be. */
async function whereabouts<R extends Reason | null>(p: Promotion, reason: R): Promise<R> {
  if (!reason) return reason;
  // Read anew: what was published may have been recorded although the answer was lost.
  const entries = await p.ports.ledger.entries().catch(() => p.found.entries);
  const message = `${reason.message}. Traffic now: ${await sayTraffic(p.ports.traffic, entries)}`;
  return { ...reason, message };
}

/** From here on nothing stops the way back of the traffic. That of the stack takes long, and may be left to the next run. */
function turnBack(p: Promotion, step: string, { code, message }: Reason): void {
  p.decidedAt = p.ports.clock.monotonic();
  p.failure = { step, code, message };
  p.hurry = p.signal;
  p.signal = new AbortController().signal;
}

/** A step that throws has failed; what it threw says why. An interruption is told as what it is. */
async function attempt(p: Promotion, step: Step, records: StepRecord[]): Promise<StepResult> {
  const { clock } = p.ports;
  const began = clock.monotonic();
  p.tell({ type: "step-started", step: step.name });
  let result: StepResult;
  try {
    await journal(p, { type: "step-started", step: step.name });
    result = await step.run(p);
  } catch (error) {
    result = { outcome: "failed", reason: p.signal.aborted ? interruption(p, step) : reasonOf(error) };
  }
  const ms = Math.round(clock.monotonic() - began);
  const outcome = result.outcome === "unchanged" ? "passed" : result.outcome;
  const reason = result.outcome === "failed" ? result.reason : null;
  records.push({ name: step.name, outcome, ms });
  const text = reason?.message ?? note(result);
  const code = reason ? { code: reason.code } : {};
  p.tell({ type: "step-finished", step: step.name, outcome, ms, text, ...code });
  try {
    await journal(p, { type: "step-finished", step: step.name, outcome, ms, reason });
  } catch (error) {
    return result.outcome === "failed" ? result : { outcome: "failed", reason: reasonOf(error) };
  }
  return result;
}

const note = (result: StepResult) => ("note" in result ? (result.note ?? "") : "");

function interruption(p: Promotion, step: Step): Reason {
  const reason = reasonOf(p.signal.reason);
  return reason.code === "unforeseen" ? reasonOf(problem("interrupted", { step: step.name })) : reason;
}

/** Closes the ledger and gives the lease back. A promotion that could not be recorded is not called done. */
async function close(p: Promotion, end: End): Promise<Happened> {
  p.endHeartbeat?.();
  if (!p.lease) return { type: "recorded" };
  await callForHelp(p, end);
  const recorded = await record(p, end).then(
    (): Happened => ({ type: "recorded" }),
    async (error): Promise<Happened> => {
      const reason = await whereabouts(p, unrecorded(p, end, error));
      // A refusal is as true without a record; who needs a person has called for one.
      if (end.outcome !== "refused" && end.outcome !== "needs-human")
        await callForHelp(p, { outcome: "needs-human", reason });
      return { type: "unrecorded", reason };
    },
  );
  // A lease that could not be given back runs out by itself; what was recorded stays true.
  await p.ports.ledger.release(p.lease).catch(() => {});
  return recorded;
}

/** Only what began has an end: a promotion that was refused before its first entry gets none. */
async function record(p: Promotion, { outcome, reason }: End): Promise<void> {
  const began = p.found.entries.some(
    ({ promotionId, event }) => promotionId === p.id && event.type === "promotion-started",
  );
  if (!began) return;
  await journal(p, {
    type: "promotion-ended",
    outcome,
    sha: shaOf(p),
    reason,
    running: p.found.running ?? null,
    rollbackMs: p.found.rollbackMs ?? null,
  });
}

function unrecorded(p: Promotion, { outcome }: End, error: unknown): Reason {
  const details = { environment: p.environment.name, outcome, said: reasonOf(error).message };
  return reasonOf(problem("not-recorded", details, error));
}
