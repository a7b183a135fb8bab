import type { Entry } from "./events.ts";

/** Failures that are evidence against the release. After any other the same SHA may be promoted again. */
const EVIDENCE = new Set(["canary-failed", "unhealthy", "validation-failed"]);

export const isEvidence = (code: string) => EVIDENCE.has(code);

/** Why a promotion's own record speaks against its release, where it died before it could say so; undefined if nothing does. */
export function evidenceAgainst(entries: Entry[], promotionId: string): string | undefined {
  for (const { promotionId: of, event } of entries) {
    if (of !== promotionId || event.type !== "step-finished") continue;
    if (event.reason && isEvidence(event.reason.code)) return `${event.step}: ${event.reason.message}`;
  }
  return undefined;
}
