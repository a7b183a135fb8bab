import { invokedAtTheAlias, namedPrincipals, reviewedWildcards } from "./access.ts";
import type { Rule, Stack } from "./judged.ts";
import { dataEncrypted, dataKept, failuresKept, functionsLog, functionsPublish, logsEnd } from "./keeping.ts";
import { namedAfterEnvironment, namedOnce, tagged } from "./naming.ts";
import { alarmsTell, silenceIsDecided } from "./telling.ts";

export { type Judged, type Rule, type Stack, UNKNOWN } from "./judged.ts";

/**
 * The rules of the stack. They read nothing but what a program asks for, so that they hold in three places: in the tests of
 * the program, in the step `gate` of a promotion, and in the policy pack that Pulumi itself asks.
 */
export const rules: Rule[] = [
  namedAfterEnvironment,
  namedOnce,
  tagged,
  reviewedWildcards,
  namedPrincipals,
  invokedAtTheAlias,
  dataKept,
  dataEncrypted,
  logsEnd,
  functionsPublish,
  functionsLog,
  failuresKept,
  alarmsTell,
  silenceIsDecided,
];

/** What breaks a rule: `logs-end: ingestion-logs: it keeps its logs for ever`. */
export function violations(stack: Stack): string[] {
  return rules.flatMap((rule) =>
    stack.resources.flatMap((resource) => {
      const wrong = rule.broken(resource, stack);
      return wrong === undefined ? [] : [`${rule.name}: ${resource.name}: ${wrong}`];
    }),
  );
}
