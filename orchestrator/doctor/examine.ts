import { foreseen } from "../foreseen.ts";
import { Problem } from "../problem.ts";
import { alarms } from "./alarms.ts";
import { alerts } from "./alerts.ts";
import { packagesBucket, stateBucket } from "./buckets.ts";
import { clock } from "./clock.ts";
import { credentials } from "./credentials.ts";
import { bootstrap, type Finding, findingsOf } from "./finding.ts";
import type { Check, Ground } from "./ground.ts";
import { secretsKey, signingKey } from "./keys.ts";
import { ledger } from "./ledger.ts";
import { ledgerTable } from "./ledger-table.ts";
import { limits } from "./limits.ts";
import { engine, node } from "./machine.ts";
import { serviceSecrets } from "./service-secrets.ts";
import { source } from "./source.ts";
import { stack } from "./stack.ts";
import { trust } from "./trust.ts";

/** All that is looked at, in the order in which it is told. */
export const CHECKS: Check[] = [
  credentials,
  clock,
  node,
  engine,
  stateBucket,
  packagesBucket,
  ledgerTable,
  signingKey,
  secretsKey,
  trust,
  serviceSecrets,
  source,
  stack,
  ledger,
  alarms,
  alerts,
  limits,
];

type Failure = { said: string; environment: string };
const again = () => "run it again; if it stays so: npm run doctor -- --debug";

/** What can become of any check, whatever it looks at: what could not be seen is never said to be fine. */
export const UNSEEN = {
  "may-not-look": {
    severity: "problem" as const,
    seen: (p: Failure) => `it may not be looked at: ${p.said}`,
    remedy: (p: Failure) =>
      `use the deployer's credentials; if these are, then it is not what bootstrap made, or its policies are not: ${bootstrap(p)}`,
  },
  "could-not-look": { severity: "problem" as const, seen: (p: Failure) => p.said, remedy: again },
  "no-answer-in-time": {
    severity: "problem" as const,
    seen: (p: { ms: number }) => `no answer within ${p.ms} ms`,
    remedy: again,
  },
  "not-looked-at": {
    severity: "problem" as const,
    seen: () => "nothing of AWS can be seen without credentials that it knows",
    remedy: (p: { because: string }) => p.because,
  },
};

/** Resolves as the promise does, or with undefined when it takes longer. */
export type Within = <T>(asked: Promise<T>, ms: number) => Promise<T | undefined>;

/**
 * Makes every check, all at once. One that fails, throws or does not answer in time is a finding, and stops no other.
 * @param ms the time that each may take
 */
export async function examine(ground: Ground, within: Within, ms: number): Promise<Finding[]> {
  const unusable = await credentialsProblem(ground, within, ms);
  const found = await Promise.all(
    CHECKS.map(async (check): Promise<Finding[]> => {
      const tell = findingsOf(check.name, UNSEEN);
      if (unusable && !check.offline)
        return check === credentials
          ? [unusable]
          : [tell("not-looked-at", { because: unusable.remedy ?? again() })];
      try {
        return (await within(check.look(ground), ms)) ?? [tell("no-answer-in-time", { ms })];
      } catch (error) {
        return [failure(check.name, ground, error)];
      }
    }),
  );
  return found.flat();
}

/** Without credentials that AWS knows, each check would say the same in other words. */
async function credentialsProblem(ground: Ground, within: Within, ms: number): Promise<Finding | undefined> {
  const tell = findingsOf(credentials.name, UNSEEN);
  try {
    return (await within(ground.place.whoami(), ms)) ? undefined : tell("no-answer-in-time", { ms });
  } catch (error) {
    return failure(credentials.name, ground, error);
  }
}

function failure(check: string, { environment }: Ground, error: unknown): Finding {
  const tell = findingsOf(check, UNSEEN);
  const told = foreseen(error);
  const said = told instanceof Error ? told.message : String(told);
  const refused = told instanceof Problem && told.code === "credentials-refused";
  const found = tell(refused ? "may-not-look" : "could-not-look", { said, environment: environment.name });
  return told instanceof Problem && check === credentials.name ? { ...found, remedy: told.remedy } : found;
}
