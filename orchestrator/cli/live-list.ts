import { Listr, ListrLogger, type ListrTaskWrapper, ProcessOutput } from "listr2";
import { sayDuration } from "../duration.ts";
import type { Progress, Tell } from "../promotion/progress.ts";

type Row = { wrapper?: ListrTaskWrapper<unknown, never, never>; end: PromiseWithResolvers<void> };

/** The steps as a list that fills while they run. It only shows: the promotion does not wait for it. */
export function liveList(): Tell {
  const rows = new Map<string, Row>();

  function show(steps: string[]) {
    const logger = new ListrLogger({
      processOutput: new ProcessOutput(process.stderr, process.stderr),
      useIcons: true,
    });
    const tasks = steps.map((step) => {
      const row: Row = { end: Promise.withResolvers<void>() };
      rows.set(step, row);
      return {
        title: step,
        task: async (_: unknown, wrapper: unknown) => {
          row.wrapper = wrapper as NonNullable<Row["wrapper"]>;
          await row.end.promise;
        },
      };
    });
    new Listr(tasks, { exitOnError: false, rendererOptions: { logger, collapseErrors: false } })
      .run()
      .catch(() => {});
  }

  function finish(step: string, outcome: string, title: string) {
    const row = rows.get(step);
    if (!row) return;
    rows.delete(step);
    if (row.wrapper) row.wrapper.title = title;
    if (outcome === "failed") row.end.reject(new Error(title));
    else if (outcome === "skipped") {
      row.wrapper?.skip(title);
      row.end.resolve();
    } else row.end.resolve();
  }

  return (progress: Progress) => {
    switch (progress.type) {
      case "started":
        return show([...progress.steps]);
      case "step-started":
        if (!rows.has(progress.step)) show([progress.step]);
        return;
      case "note": {
        const wrapper = rows.get(progress.step)?.wrapper;
        if (wrapper) wrapper.output = progress.text;
        return;
      }
      case "step-finished":
        return finish(
          progress.step,
          progress.outcome,
          `${progress.step}  ${sayDuration(progress.ms)}  ${progress.text}`,
        );
      case "ended":
        for (const step of [...rows.keys()]) finish(step, "skipped", step);
    }
  };
}
