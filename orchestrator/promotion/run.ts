import { problem } from "../problems.ts";
import { type Outcome, type Reason, reasonOf, type StepOutcome, type StepResult } from "./outcome.ts";
import { journal, type Promotion, shaOf } from "./promotion.ts";
import type { Course, Step } from "./step.ts";
import { sayTraffic } from "./traffic.ts";

export type StepRecord = { name: string; outcome: StepOutcome; ms: number };
export type Conclusion = { outcome: Outcome; reason: Reason | null; steps: StepRecord[] };

/**
 * Runs a course to one of the five ends. This loop knows no step: it runs them in order, records what each answered,
 * and on a failure does what the step's `onFailure` says. Whatever happens, the ledger is closed and the lease given back.
 */
export async function run(p: Promotion, course: Course): Promise<Conclusion> {
  const records: StepRecord[] = [];
  p.tell({
    type: "started",
    promotionId: p.id,
    environment: p.environment.name,
    sha: shaOf(p),
    steps: course.steps.map((step) => step.name),
  });
  const end = await whereabouts(p, await walk(p, course, records));
  const conclusion = { ...(await close(p, end)), steps: records };
  p.tell({ type: "ended", outcome: conclusion.outcome, reason: conclusion.reason });
  return conclusion;
}

type End = { outcome: Outcome; reason: Reason | null };

const WHEREABOUTS = "Traffic now: ";

/** Whoever must take over is told where the traffic is, as it is read, not as it was meant to be. */
async function whereabouts(p: Promotion, end: End): Promise<End> {
  if (end.outcome !== "needs-human" || !end.reason || end.reason.message.includes(WHEREABOUTS)) return end;
  // Read anew: what was published may have been recorded although the answer was lost.
  const entries = await p.ports.ledger.entries().catch(() => p.found.entries);
  const message = `${end.reason.message}. ${WHEREABOUTS}${await sayTraffic(p.ports.traffic, entries)}`;
  return { ...end, reason: { ...end.reason, message } };
}

async function walk(p: Promotion, course: Course, records: StepRecord[]): Promise<End> {
  let changing = false;
  for (const step of course.steps) {
    // What only a person could judge if it were left out is never left out.
    const stopped = p.signal.aborted && step.onFailure !== "ask";
    const result = stopped ? interrupted(p, step) : await attempt(p, step, records);
    changing ||= !stopped && step.onFailure === "take-back";
    if (result.outcome === "unchanged") return { outcome: "unchanged", reason: null };
    if (result.outcome !== "failed") continue;
    if (step.onFailure === "refuse" || (stopped && !changing))
      return { outcome: "refused", reason: result.reason };
    if (step.onFailure === "ask" || !course.takeBack)
      return { outcome: "needs-human", reason: result.reason };
    return await takeBack(p, course.takeBack, step, result.reason, records);
  }
  return { outcome: "promoted", reason: null };
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
    result = p.signal.aborted ? interrupted(p, step) : { outcome: "failed", reason: reasonOf(error) };
  }
  const ms = Math.round(clock.monotonic() - began);
  const outcome = result.outcome === "unchanged" ? "passed" : result.outcome;
  const reason = result.outcome === "failed" ? result.reason : null;
  records.push({ name: step.name, outcome, ms });
  p.tell({ type: "step-finished", step: step.name, outcome, ms, text: reason?.message ?? note(result) });
  try {
    await journal(p, { type: "step-finished", step: step.name, outcome, ms, reason });
  } catch (error) {
    return result.outcome === "failed" ? result : { outcome: "failed", reason: reasonOf(error) };
  }
  return result;
}

const note = (result: StepResult) => ("note" in result ? (result.note ?? "") : "");

function interrupted(p: Promotion, step: Step): StepResult {
  const why = p.signal.reason;
  const reason = reasonOf(why);
  if (reason.code !== "unforeseen") return { outcome: "failed", reason };
  return { outcome: "failed", reason: reasonOf(problem("interrupted", { step: step.name })) };
}

async function takeBack(
  p: Promotion,
  way: Step,
  failedStep: Step,
  reason: Reason,
  records: StepRecord[],
): Promise<End> {
  p.decidedAt = p.ports.clock.monotonic();
  p.failure = { step: failedStep.name, code: reason.code, message: reason.message };
  p.signal = new AbortController().signal;
  const result = await attempt(p, way, records);
  if (result.outcome !== "failed") return { outcome: "rolled-back", reason };
  const message = `${reason.message}; then ${result.reason.message}`;
  return { outcome: "needs-human", reason: { ...result.reason, message } };
}

/** Closes the ledger and gives the lease back. A promotion that could not be recorded is not called done. */
async function close(p: Promotion, end: End): Promise<End> {
  p.endHeartbeat?.();
  if (!p.lease) return end;
  const { ledger } = p.ports;
  const closed = await record(p, end).then(
    () => end,
    (error) => whereabouts(p, unrecorded(p, end, error)),
  );
  // A lease that could not be given back runs out by itself; what was recorded stays true.
  await ledger.release(p.lease).catch(() => {});
  return closed;
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

function unrecorded(p: Promotion, end: End, error: unknown): End {
  if (end.outcome === "refused" || end.outcome === "needs-human") return end;
  const details = { environment: p.environment.name, outcome: end.outcome, said: reasonOf(error).message };
  return { outcome: "needs-human", reason: reasonOf(problem("not-recorded", details, error)) };
}
