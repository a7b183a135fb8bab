import { type Finding, findingsOf } from "./finding.ts";
import { checkOf } from "./ground.ts";

type Named = { environment: string };

const find = findingsOf("stack", {
  "stack-fine": { severity: "fine", seen: () => "its state can be read, nothing in it is undecided" },
  "stack-not-yet": { severity: "fine", seen: () => "there is none yet: the first promotion makes it" },
  "stack-pending": {
    severity: "problem",
    seen: (p: Named & { pending: string[] }) => `an update left undecided: ${p.pending.join(", ")}`,
    remedy: (p) =>
      `docs/RUNBOOK_FAILURE_RECOVERY.md; npm run status -- --env ${p.environment} says which promotion it was`,
  },
  "stack-lock-stale": {
    severity: "problem",
    seen: (p: Named & { held: string[] }) =>
      `nobody holds the lease, yet the stack is locked, by ${p.held.join(", ")}`,
    remedy: (p) =>
      `npm run promote -- --env ${p.environment} clears what a dead promotion left; if it is refused as stack-locked: npm run unlock -- --env ${p.environment} --reason "…"`,
  },
  "stack-locked": {
    severity: "warning",
    seen: (p: Named & { held: string[] }) =>
      `a promotion is changing it at this moment: ${p.held.join(", ")}`,
    remedy: (p) => `wait for it: npm run status -- --env ${p.environment}`,
  },
});

export const stack = checkOf(find, async ({ environment, place }) => {
  const named = { environment: environment.name };
  const [look, locks, lease] = await Promise.all([place.stack(), place.locks(), place.lease()]);
  const found: Finding[] = [];
  if (look && look.pending.length > 0 && !lease)
    found.push(
      find("stack-pending", {
        ...named,
        pending: look.pending.map(({ urn, operation }) => `${operation} ${urn}`),
      }),
    );
  const held = locks.map((lock) => lock.held);
  if (held.length > 0) found.push(find(lease ? "stack-locked" : "stack-lock-stale", { ...named, held }));
  if (found.length > 0) return found;
  return [find(look ? "stack-fine" : "stack-not-yet", {})];
});
