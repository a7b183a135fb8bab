import { DefaultRenderer, Listr, ListrLogger, type ListrTaskWrapper, ProcessOutput } from "listr2";
import { sayDuration } from "../duration.ts";
import type { StepOutcome } from "../promotion/outcome.ts";
import type { Progress, Tell } from "../promotion/progress.ts";
import { type Output, write } from "./output.ts";
import { linesOf, type Paint, type Scene } from "./scene.ts";

const SHOW_CURSOR = "\x1b[?25h";
/** What the list itself needs of a line: an indent, a sign and a margin. */
const FRAME = 6;

type Wrapper = ListrTaskWrapper<unknown, never, never>;
/** A step that may end before its list gets to it: `ended` keeps what there is to show then. */
type Row = { wrapper?: Wrapper; ended: PromiseWithResolvers<{ outcome: StepOutcome; title: string }> };

/** The steps as a list that fills while they run. It only shows: the promotion does not wait for it. */
export function liveList(screen: Output, paint: Paint): Tell {
  const rows = new Map<string, Row>();
  let scene: Scene = { sha: "" };
  let running: string | undefined;
  // Two lists at a time would draw over each other.
  let shown: Promise<unknown> = Promise.resolve();
  // The list hides the cursor, and a process that is ended at once would leave it so.
  process.once("exit", () => write(screen, SHOW_CURSOR));

  function show(steps: readonly string[]) {
    const tasks = steps.map((step) => {
      const row: Row = { ended: Promise.withResolvers() };
      rows.set(step, row);
      return { title: step, task: (_: unknown, wrapper: unknown) => follow(row, wrapper as Wrapper) };
    });
    shown = shown.then(() => list(screen, tasks).run()).catch(() => {});
  }

  function finish(step: string, outcome: StepOutcome, title: string) {
    rows.get(step)?.ended.resolve({ outcome, title });
    rows.delete(step);
  }

  /** What is left will not run any more. */
  function skipTheRest() {
    for (const step of [...rows.keys()]) finish(step, "skipped", step);
  }

  /** Shows more of a step that goes on; the one that runs, where it is not named. */
  function draw(step: string | undefined, more: Partial<Scene>) {
    scene = { ...scene, ...more };
    const wrapper = rows.get(step ?? "")?.wrapper;
    if (wrapper) wrapper.output = linesOf(scene, (screen.columns || 80) - FRAME, paint).join("\n");
  }

  return (progress: Progress) => {
    switch (progress.type) {
      case "started":
        scene = { sha: progress.sha };
        return show(progress.steps);
      case "step-started":
        running = progress.step;
        // Each step is shown by what it says itself; where the traffic is stays known.
        scene = { sha: scene.sha, ...(scene.traffic && { traffic: scene.traffic }) };
        if (!rows.has(progress.step)) show([progress.step]);
        return;
      case "note":
        return draw(progress.step, { note: progress.text });
      case "traffic":
        return draw(running, { traffic: progress.traffic });
      case "look":
        return draw(progress.step, { look: progress });
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

/** Draws where we say, whatever the result goes to. A terminal that goes away meanwhile is nobody's error. */
class Drawing extends DefaultRenderer {
  static override nonTTY = true;

  override update(): void {
    try {
      super.update();
    } catch {
      // It is drawn again, ten times a second.
    }
  }

  override end(): void {
    try {
      super.end();
    } catch {
      // Then nobody sees the end of it.
    }
  }
}

/** The screen as it is now: a window may change its size. */
class Screen extends ProcessOutput {
  readonly #screen: NodeJS.WriteStream;

  constructor(screen: NodeJS.WriteStream) {
    super(screen, screen);
    this.#screen = screen;
  }

  override get stdout(): NodeJS.WriteStream {
    const size = { columns: { get: () => this.#screen.columns }, rows: { get: () => this.#screen.rows } };
    return Object.defineProperties(this.stream.stdout.out, size);
  }
}

function list(
  screen: Output,
  tasks: { title: string; task: (_: unknown, wrapper: unknown) => Promise<void> }[],
) {
  const processOutput = new Screen(screen as NodeJS.WriteStream);
  const logger = new ListrLogger({ processOutput, useIcons: true });
  return new Listr(tasks, {
    exitOnError: false,
    renderer: Drawing,
    // An interrupt is the promotion's to answer, at a safe place: the list would end the process on the spot.
    registerSignalListeners: false,
    rendererOptions: { logger, collapseErrors: false },
  });
}
