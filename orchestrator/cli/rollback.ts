import { problem } from "../problems.ts";
import { requestedRollback } from "../promotion/course.ts";
import { composePromotion } from "./compose.ts";
import { runToTheEnd } from "./outcome.ts";
import { progressSink } from "./progress.ts";
import { durationOption, surroundings, type Where } from "./surroundings.ts";
import { both, workflowRun } from "./workflow-run.ts";

type Options = Where & { to?: string; reason: string; wait?: string; json?: boolean };

export async function rollbackCommand(options: Options): Promise<void> {
  const { to, reason, json = false } = options;
  if (to !== undefined && !/^[0-9a-f]{7,40}$/.test(to))
    throw problem("option-invalid", { option: "--to", value: to, wanted: "7 to 40 hex digits of a SHA" });
  const waitMs = durationOption("--wait", options.wait) ?? 0;
  const where = await surroundings(options);
  const order = { kind: "rollback" as const, sha: to ?? null, why: reason, waitMs };
  const workflow = await workflowRun(options);
  const p = composePromotion(where, order, { tell: both(await progressSink(json), workflow.tell) });
  await runToTheEnd(p, requestedRollback, json);
  await workflow.settled();
}
