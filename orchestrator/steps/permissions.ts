import { problem } from "../problems.ts";
import { failed, passed } from "../promotion/outcome.ts";
import type { Step } from "../promotion/step.ts";

/** Asks by a simulation whether the deployer may do what a promotion does. Where nobody can say, it says that. */
export const permissions: Step = {
  name: "permissions",
  onFailure: "refuse",
  async run(p) {
    const permitted = await p.ports.permissions.simulate(p.found.previous);
    if (!permitted.checked) return { outcome: "skipped", note: `not checked: ${permitted.because}` };
    const { denied, deeds } = permitted;
    if (denied.length > 0) return failed(problem("permissions-missing", { denied }));
    return passed(`${deeds} deeds simulated, none denied`);
  },
};
