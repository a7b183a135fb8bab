import { expect } from "chai";
import type { Entry, LedgerEvent } from "../../../orchestrator/promotion/events.ts";
import { evidenceAgainst, isEvidence } from "../../../orchestrator/promotion/quarantine.ts";

const entry = (promotionId: string, event: LedgerEvent): Entry => ({
  sequence: 1,
  promotionId,
  at: "2030-01-01T00:00:00.000Z",
  event,
  previous: "",
  hash: "",
});
const finished = (step: string, code: string | null): LedgerEvent => ({
  type: "step-finished",
  step,
  outcome: code ? "failed" : "passed",
  ms: 1,
  reason: code ? { code, message: `${code} it is`, remedy: "mend it" } : null,
});

describe("the evidence against a release", () => {
  it("is what was seen of the release, not what went wrong around it", () => {
    for (const code of ["canary-failed", "unhealthy", "validation-failed"])
      expect(isEvidence(code)).to.equal(true);
    for (const code of ["interrupted", "inconclusive", "up-failed", "lease-lost", "plan-stale"])
      expect(isEvidence(code)).to.equal(false);
  });

  it("is found in the record of its promotion", () => {
    const entries = [entry("1", finished("up", null)), entry("1", finished("watch", "unhealthy"))];
    expect(evidenceAgainst(entries, "1")).to.equal("watch: unhealthy it is");
  });

  it("is none where the promotion failed of something else, or where another one has it", () => {
    const entries = [entry("1", finished("up", "up-failed")), entry("2", finished("watch", "unhealthy"))];
    expect(evidenceAgainst(entries, "1")).to.equal(undefined);
  });

  it("is not an end that tells it of the whole promotion", () => {
    const reason = { code: "unhealthy", message: "it is ill", remedy: "mend it" };
    const end: LedgerEvent = {
      type: "promotion-ended",
      outcome: "rolled-back",
      sha: "a",
      reason,
      running: null,
      rollbackMs: null,
    };
    expect(evidenceAgainst([entry("1", end)], "1")).to.equal(undefined);
  });
});
