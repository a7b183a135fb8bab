import type { Plan } from "../ports/engine.ts";
import { problem } from "../problems.ts";
import { failed, passed, reasonOf } from "../promotion/outcome.ts";
import type { Step } from "../promotion/step.ts";
import { type LoadedRelease, programOf } from "../release/load.ts";

/** Asks the engine what this release would change, and keeps the plan. */
export const preview: Step = {
  name: "preview",
  onFailure: "refuse",
  async run(p) {
    const release = p.found.release as LoadedRelease;
    try {
      p.found.plan = await p.ports.engine.preview(programOf(release), p.signal);
    } catch (error) {
      if (p.signal.aborted) throw error;
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
  if (counts.size === 0) return "nothing to change";
  return [...counts].map(([operation, count]) => `${count} to ${operation}`).join(", ");
}
