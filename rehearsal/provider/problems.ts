import { catalogue } from "../../orchestrator/problem.ts";

export const problem = catalogue({
  "provider-start-failed": {
    owner: "environment",
    message: (p: { bridge: string; detail: string }) =>
      `The provider did not start (${p.bridge}):\n${p.detail}`,
    remedy: () => "Free memory if there is little, then run the same command again.",
  },
});
