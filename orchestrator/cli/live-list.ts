import { Listr, ListrLogger, type ListrTaskWrapper, ProcessOutput } from "listr2";
import { sayDuration } from "../duration.ts";
import type { StepOutcome } from "../promotion/outcome.ts";
import type { Progress, Tell } from "../promotion/progress.ts";

const SHOW_CURSOR = "\x1b[?25h";

type Wrapper = ListrTaskWrapper<unknown, never, never>;
/** A step that may end before its list gets to it: `ended` keeps what there is to show then. */
type Row = { wrapper?: Wrapper; ended: PromiseWithResolvers<{ outcome: StepOutcome; title: string }> };

/** The steps as a list that fills while they run. It only shows: the promotion does not wait for it. */
export function liveList(): Tell {
  const rows = new Map<string, Row>();
  // Two lists at a time would draw over each other.
  let shown: Promise<unknown> = Promise.resolve();
  // The list hides the cursor, and a process that is ended at once would leave it so.
  process.once("exit", () => void process.stderr.write(SHOW_CURSOR));

  function show(steps: readonly string[]) {
    const tasks = steps.map((step) => {
      const row: Row = { ended: Promise.withResolvers() };
      rows.set(step, row);
      return { title: step, task: (_: unknown, wrapper: unknown) => follow(row, wrapper as Wrapper) };
    });
    shown = shown.then(() => list(tasks).run()).catch(() => {});
  }

  function finish(step: string, outcome: StepOutcome, title: string) {
    rows.get(step)?.ended.resolve({ outcome, title });
    rows.delete(step);
  }

  /** What is left will not run any more. */
  function skipTheRest() {
    for (const step of [...rows.keys()]) finish(step, "skipped", step);
  }

  return (progress: Progress) => {
    switch (progress.type) {
      case "started":
        return show(progress.steps);
      case "step-started":
        if (!rows.has(progress.step)) show([progress.step]);
        return;
      case "note": {
        const wrapper = rows.get(progress.step)?.wrapper;
        if (wrapper) wrapper.output = progress.text;
        return;
      }
      case "step-finished": {
        const { step, outcome, ms, text } = progress;
        finish(step, outcome, `${step}  ${sayDuration(ms)}  ${text}`);
        return outcome === "failed" ? skipTheRest() : undefined;
      }
      case "ended":
        return skipTheRest();
    }
  };
}

async function follow(row: Row, wrapper: Wrapper): Promise<void> {
  row.wrapper = wrapper;
  const { outcome, title } = await row.ended.promise;
  wrapper.title = title;
  if (outcome === "failed") throw new Error(title);
  if (outcome === "skipped") wrapper.skip(title);
}

function list(tasks: { title: string; task: (_: unknown, wrapper: unknown) => Promise<void> }[]) {
  const processOutput = new ProcessOutput(process.stderr, process.stderr);
  const logger = new ListrLogger({ processOutput, useIcons: true });
  return new Listr(tasks, {
    exitOnError: false,
    // An interrupt is the promotion's to answer, at a safe place: the list would end the process on the spot.
    registerSignalListeners: false,
    rendererOptions: { logger, collapseErrors: false },
  });
}
