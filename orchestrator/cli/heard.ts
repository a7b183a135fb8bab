import type { Tell } from "../promotion/progress.ts";
import { progressSink } from "./progress.ts";
import { traced } from "./traces.ts";
import { both, workflowRun } from "./workflow-run.ts";

/** Runs a promotion with all that listens to it: the terminal or the log, the workflow that it is part of, the traces. */
export async function heard(
  options: { local?: boolean; json?: boolean },
  run: (tell: Tell) => Promise<void>,
): Promise<void> {
  const workflow = await workflowRun(options);
  await traced(both(await progressSink(options.json ?? false), workflow.tell), run);
  await workflow.settled();
}
