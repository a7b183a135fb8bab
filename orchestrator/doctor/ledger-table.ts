import { bootstrap, type Finding, findingsOf } from "./finding.ts";
import { checkOf } from "./ground.ts";

type Named = { table: string; environment: string };
const KEYS = "pk HASH S, sk RANGE S";

const find = findingsOf("ledger-table", {
  "table-fine": {
    severity: "fine",
    seen: (p: Named) => `${p.table} can be had back from any second, and cannot be deleted`,
  },
  "table-missing": {
    severity: "problem",
    seen: (p: Named) => `there is no table ${p.table}`,
    remedy: bootstrap,
  },
  "table-not-ready": {
    severity: "problem",
    seen: (p: Named & { status: string }) => `${p.table} is ${p.status}`,
    remedy: (p) => `wait for it: aws dynamodb wait table-exists --table-name ${p.table}`,
  },
  "table-keys-wrong": {
    severity: "problem",
    seen: (p: Named & { keys: string }) => `${p.table} has the keys ${p.keys}, not ${KEYS}`,
    remedy: (p) => `name another table in Pulumi.${p.environment}.yaml (ledger), then ${bootstrap(p)}`,
  },
  "table-not-recoverable": {
    severity: "problem",
    seen: (p: Named) => `${p.table} has no point-in-time recovery`,
    remedy: (p) =>
      `aws dynamodb update-continuous-backups --table-name ${p.table} --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true`,
  },
  "table-deletable": {
    severity: "problem",
    seen: (p: Named) => `${p.table} is not protected from deletion`,
    remedy: (p) => `aws dynamodb update-table --table-name ${p.table} --deletion-protection-enabled`,
  },
  "table-provisioned": {
    severity: "warning",
    seen: (p: Named) => `${p.table} has a fixed capacity: a promotion's writes may be throttled`,
    remedy: (p) => `aws dynamodb update-table --table-name ${p.table} --billing-mode PAY_PER_REQUEST`,
  },
});

export const ledgerTable = checkOf(find, async ({ environment, place }) => {
  const named = { table: environment.promotion.ledger, environment: environment.name };
  const look = await place.table(named.table);
  if (!look) return [find("table-missing", named)];
  const { status, keys } = look;
  const found: Finding[] = [];
  if (status !== "ACTIVE") found.push(find("table-not-ready", { ...named, status }));
  if (keys !== KEYS) found.push(find("table-keys-wrong", { ...named, keys }));
  if (!look.recoverable) found.push(find("table-not-recoverable", named));
  if (!look.deletionProtected) found.push(find("table-deletable", named));
  if (!look.onDemand) found.push(find("table-provisioned", named));
  return found.length > 0 ? found : [find("table-fine", named)];
});
