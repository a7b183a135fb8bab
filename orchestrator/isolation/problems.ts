import { catalogue } from "../problem.ts";

/** What a person can meet who asks whether environments are isolated. */
export const isolationProblem = catalogue({
  "isolation-broken": {
    owner: "environment",
    message: (p: { allows: number; denies: number; strangers: string[]; absent: string[] }) =>
      [
        `the environments are not isolated as intended: ${p.allows} unexpected allows, ${p.denies} unexpected denies`,
        p.strangers.length > 0 ? `nobody knows what these are for: ${p.strangers.join(", ")}` : "",
        p.absent.length > 0 ? `these are not there to be asked: ${p.absent.join(", ")}` : "",
      ]
        .filter((part) => part !== "")
        .join("; "),
    remedy: () =>
      "mend the policy that is named and run the bootstrap again, or say in orchestrator/isolation/intents.ts what is intended; then: npm run isolation",
  },
  "policy-unread": {
    owner: "environment",
    message: (p: { principal: string; said: string }) =>
      `the policies of ${p.principal} cannot be judged: ${p.said}`,
    remedy: () =>
      "write the policy with the elements that orchestrator/isolation/ evaluates, and take its principal out of groups; then: npm run isolation",
  },
});
