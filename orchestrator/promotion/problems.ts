import { catalogue } from "../problem.ts";

/** What can go wrong with a promotion that no other catalogue has. */
export const promotionProblem = catalogue({
  "drill-failed": {
    owner: "environment",
    message: (p: { environment: string; way: string; because: string }) =>
      `the rehearsed way back of ${p.environment} failed on the way ${p.way}: ${p.because}`,
    remedy: () =>
      'mend what it names and run the same command again; to go without a rehearsal: the same command with --skip-drill --reason "…"',
  },
});
