import { catalogue } from "../problem.ts";

const status = (p: { environment: string }) => `npm run status -- --env ${p.environment}`;

/** What can go wrong with a promotion that no other catalogue has. */
export const promotionProblem = catalogue({
  "drill-failed": {
    owner: "environment",
    message: (p: { environment: string; way: string; because: string }) =>
      `the rehearsed way back of ${p.environment} failed on the way ${p.way}: ${p.because}`,
    remedy: () =>
      'mend what it names and run the same command again; to go without a rehearsal: the same command with --skip-drill --reason "…"',
  },
  "engine-cut-off": {
    owner: "environment",
    message: (p: { graceSeconds: string }) =>
      `the engine was told to stop, did not within ${p.graceSeconds} s, and was killed: what it was at is undecided`,
    remedy: () => "run the same command again: it takes the engine's lock away and finds out what exists",
  },
  "stopped-midway": {
    owner: "user",
    message: (p: { environment: string; running: string; sha: string; because: string }) =>
      `${p.environment} was left as it is (its traffic: all of it on ${p.running}, proved); its stack is partly or wholly of ${p.sha}: ${p.because}`,
    remedy: (p) =>
      `to go on: npm run promote -- --env ${p.environment} --sha ${p.sha}; to go back: npm run rollback -- --env ${p.environment} --to ${p.running} --reason "…"`,
  },
  "creations-undecided": {
    owner: "environment",
    message: (p: { urns: string[]; said: string }) =>
      `an update that died was making ${p.urns.join(", ")}; whether they exist could not be found out: ${p.said}`,
    remedy: () => "mend what it names and run the same command again: it asks again; nothing was changed",
  },
  "rolled-back-already": {
    owner: "user",
    message: (p: { environment: string; sha: string; at: string; next: string | null }) =>
      `${p.environment} was rolled back to ${p.sha} at ${p.at}, and runs it${p.next ? `; one release more would be ${p.next}` : ""}`,
    remedy: (p) =>
      p.next
        ? `if that is meant: npm run rollback -- --env ${p.environment} --to ${p.next} --reason "…"`
        : status(p),
  },
});
