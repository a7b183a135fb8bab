import type { Plan } from "../ports/engine.ts";
import { Problem } from "../problem.ts";
import { problem } from "../problems.ts";
import { failed, passed, reasonOf } from "../promotion/outcome.ts";
import { planFor, sayPending } from "../promotion/stack.ts";
import type { Step } from "../promotion/step.ts";
import { type LoadedRelease, programOf } from "../release/load.ts";

/** Asks the engine what this release would change, and keeps the plan. */
export const preview: Step = {
  name: "preview",
  onFailure: "refuse",
  async run(p) {
    const release = p.found.release as LoadedRelease;
    try {
      p.found.plan = await planFor(p, programOf(release));
    } catch (error) {
      if (p.signal.aborted || error instanceof Problem) throw error;
      return failed(problem("preview-failed", { said: reasonOf(error).message }, error));
    }
    return passed(summary(p.found.plan));
  },
};

/** A plan in one line: `2 to update, 1 to create`. */
export function summary(plan: Plan): string {
  const counts = new Map<string, number>();
  for (const { operation } of plan.changes) counts.set(operation, (counts.get(operation) ?? 0) + 1);
  counts.delete("same");
  const told = [...counts].map(([operation, count]) => `${count} to ${operation}`).join(", ");
  const pending = plan.pending?.map(sayPending) ?? [];
  const again = pending.length > 0 ? `; an update that died left undecided: ${pending.join(", ")}` : "";
  return (told || "nothing to change") + again;
}
