import { expect } from "chai";
import { type DryRun, text } from "../../../orchestrator/cli/dry-run.ts";

const SHA = "a".repeat(40);
const would: DryRun = {
  dryRun: true,
  env: "trial",
  sha: SHA,
  previousSha: "b".repeat(40),
  wouldBe: "promoted",
  reason: null,
  rollbackTarget: "b".repeat(40),
  lease: null,
  permissions: "granted",
  overrides: [],
  plan: [
    {
      operation: "update",
      type: "aws:lambda/function:Function",
      urn: "urn:pulumi:trial::p::t::dashboard",
      properties: ["s3Key"],
    },
  ],
  steps: [],
};

describe("a dry run, in words", () => {
  it("says what it would come to, that nothing was changed, the plan and the way back", () => {
    const said = text(would);
    expect(said)
      .to.contain("trial: would be")
      .and.to.contain("promoted")
      .and.to.contain("nothing was changed");
    expect(said).to.contain("update aws:lambda/function:Function dashboard (s3Key)");
    expect(said).to.contain("way back: bbbbbbb").and.not.to.contain("permissions");
  });

  it("says why it would be refused, and the next command", () => {
    const reason = { code: "held", message: "it is held", remedy: "release it" };
    expect(text({ ...would, wouldBe: "refused", reason }))
      .to.contain("why:  it is held [held]\nnext: release it")
      .and.not.to.contain("way back");
  });

  it("says what was not checked, what would be overruled, and who has the lease", () => {
    const lease = { who: "a colleague", host: "a laptop", run: "process 7", promotionId: "another" };
    const overrides = [{ guard: "alarms", because: "it is not well" }];
    expect(text({ ...would, permissions: "not checked", lease, overrides }))
      .to.contain("permissions were not checked")
      .and.to.contain("a colleague's on a laptop now (process 7)")
      .and.to.contain("overruled: alarms: it is not well");
  });

  it("says that there is no way back where there is no earlier release", () => {
    expect(text({ ...would, rollbackTarget: null })).to.contain("way back: none");
  });
});
