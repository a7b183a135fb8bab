import { deployed } from "./alarms.ts";
import { findingsOf } from "./finding.ts";
import { checkOf } from "./ground.ts";

/** AWS keeps so many executions of an account unreserved. */
const KEPT_FREE = 100;

const find = findingsOf("limits", {
  "concurrency-fine": {
    severity: "fine",
    seen: (p: { limit: number; unreserved: number }) =>
      `${p.unreserved} of ${p.limit} concurrent executions are not reserved`,
  },
  "concurrency-short": {
    severity: "problem",
    seen: (p: { environment: string; limit: number; unreserved: number; wanted: number }) =>
      `the functions would reserve ${p.wanted} executions; of the account's ${p.limit}, ${p.unreserved} are free and ${KEPT_FREE} must stay so`,
    remedy: (p) =>
      `ask for more: aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 1000; or set -1 in reservedConcurrency of Pulumi.${p.environment}.yaml`,
  },
});

export const limits = checkOf(find, async (ground) => {
  const { limit, unreserved } = await ground.place.concurrency();
  // What runs has its share already.
  const reserves = !(await deployed(ground));
  const wanted = Object.values(ground.reservedConcurrency)
    .filter((each) => each > 0)
    .reduce((sum, each) => sum + each, 0);
  const short = reserves && wanted > 0 && unreserved - wanted < KEPT_FREE;
  return short
    ? [find("concurrency-short", { environment: ground.environment.name, limit, unreserved, wanted })]
    : [find("concurrency-fine", { limit, unreserved })];
});
