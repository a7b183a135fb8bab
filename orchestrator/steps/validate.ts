import type { StackOutputs } from "../ports/engine.ts";
import { problem } from "../problems.ts";
import { failed, passed } from "../promotion/outcome.ts";
import type { Step } from "../promotion/step.ts";
import type { LoadedRelease } from "../release/load.ts";

/** Runs the integration tests against what is deployed, where the environment is there to be tested. */
export const validate: Step = {
  name: "validate",
  onFailure: "take-back",
  async run(p) {
    if (!p.environment.promotion.validate)
      return { outcome: "skipped", note: "this environment takes what was validated elsewhere" };
    const { sha } = (p.found.release as LoadedRelease).manifest;
    const outputs = (await p.ports.engine.outputs()) as StackOutputs;
    const {
      passed: good,
      failed: bad,
      failures,
      log,
      resultsSha256,
    } = await p.ports.validation.run({ sha, outputs }, p.signal);
    if (bad > 0 || good === 0)
      return failed(
        problem("validation-failed", { failed: bad, passed: good, first: failures[0] ?? "no test ran", log }),
      );
    p.found.validation = { passed: good, log, resultsSha256 };
    return passed(`${good} integration tests passed`);
  },
};
