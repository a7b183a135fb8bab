import type { Outcome, Reason } from "./outcome.ts";
import type { Step } from "./step.ts";

/** A course as far as the machine knows it: names, and what a failure means. What a step does is not its business. */
export type Plot = { steps: Pick<Step, "name" | "onFailure">[]; takeBack?: Pick<Step, "name"> };

/** One of the five ends, and why. A promotion that went well needs no reason. */
export type End = { outcome: Outcome; reason: Reason | null };

/** Where a promotion stands, and with that what it has to do next. */
export type State =
  /** Run the step at this place. `changing`: a step before it may have changed the environment. */
  | { at: "step"; index: number; changing: boolean }
  /** Run the way back, because this step failed. */
  | { at: "way-back"; failed: string; reason: Reason }
  /** Record the end. */
  | { at: "closing"; end: End }
  /** Nothing: no event leads out of here. */
  | { at: "ended"; end: End };

/** What came of it. */
export type Happened =
  | { type: "passed" }
  | { type: "unchanged" }
  | { type: "failed"; reason: Reason }
  /** The step was not begun, because somebody or something stops the promotion. */
  | { type: "stopped"; reason: Reason }
  | { type: "recorded" }
  | { type: "unrecorded"; reason: Reason };

export const BEGINNING: State = { at: "step", index: 0, changing: false };

/**
 * The state that follows. The whole promotion is in here: it reads nothing, writes nothing, and any event that cannot
 * happen in a state is an error of ours.
 */
export function next(plot: Plot, state: State, happened: Happened): State {
  if (state.at === "step") return afterStep(plot, state, happened);
  if (state.at === "way-back") return afterWayBack(state, happened);
  if (state.at === "closing") return afterClosing(state.end, happened);
  throw impossible(state, happened);
}

type At<Place extends State["at"]> = Extract<State, { at: Place }>;

function afterStep(plot: Plot, state: At<"step">, happened: Happened): State {
  const step = plot.steps[state.index];
  if (!step) throw impossible(state, happened);
  const begun = happened.type !== "stopped";
  const changing = state.changing || (begun && step.onFailure === "take-back");
  switch (happened.type) {
    case "passed": {
      const index = state.index + 1;
      return index < plot.steps.length ? { at: "step", index, changing } : closing("promoted", null);
    }
    case "unchanged":
      return closing("unchanged", null);
    case "failed":
    case "stopped":
      if (step.onFailure === "ask" && begun) return closing("needs-human", happened.reason);
      // Refused is said only where nothing can have changed.
      if (!changing) return closing("refused", happened.reason);
      if (!plot.takeBack) return closing("needs-human", happened.reason);
      return { at: "way-back", failed: step.name, reason: happened.reason };
    default:
      throw impossible(state, happened);
  }
}

function afterWayBack({ reason }: At<"way-back">, happened: Happened): State {
  if (happened.type === "passed") return closing("rolled-back", reason);
  if (happened.type !== "failed") throw impossible({ at: "way-back" }, happened);
  const message = `${reason.message}; then ${happened.reason.message}`;
  return closing("needs-human", { ...happened.reason, message });
}

/** An end that says that something was done needs its record; the others are as true without. */
function afterClosing(end: End, happened: Happened): State {
  if (happened.type === "recorded") return { at: "ended", end };
  if (happened.type !== "unrecorded") throw impossible({ at: "closing" }, happened);
  if (end.outcome === "refused" || end.outcome === "needs-human") return { at: "ended", end };
  return { at: "ended", end: { outcome: "needs-human", reason: happened.reason } };
}

const closing = (outcome: Outcome, reason: Reason | null): State => ({
  at: "closing",
  end: { outcome, reason },
});

const impossible = ({ at }: Pick<State, "at">, { type }: Happened) =>
  new Error(`a promotion that is at "${at}" cannot have "${type}" happen to it`);
