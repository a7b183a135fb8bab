import { expect } from "chai";
import { codeOf, reached } from "../../fakes/reached.ts";
import { world } from "../../fakes/world.ts";

describe("the step validate", () => {
  it("runs the integration tests against what is deployed", async () => {
    const w = world();
    const { p, sha, run } = await reached(w, "validate");
    expect(await run()).to.deep.equal({ outcome: "passed", note: "7 integration tests passed" });
    expect(w.validation.ran).to.deep.equal([sha]);
    expect(p.found.validation).to.deep.equal({
      passed: 7,
      log: "validate.log",
      resultsSha256: "7e57".repeat(16),
    });
  });

  it("is skipped where the environment does not want it", async () => {
    const w = world({ validate: false });
    expect(codeOf(await (await reached(w, "validate")).run())).to.equal("skipped");
    expect(w.validation.ran).to.deep.equal([]);
  });

  it("fails at one test that failed, and names it and the log", async () => {
    const w = world();
    w.validation.find({ failed: 1, failures: ["items are listed: timeout"] });
    const result = await (await reached(w, "validate")).run();
    expect(codeOf(result)).to.equal("validation-failed");
    if (result.outcome === "failed")
      expect(result.reason.message).to.contain("items are listed: timeout").and.to.contain("validate.log");
  });

  it("does not take no test for a pass", async () => {
    const w = world();
    w.validation.find({ passed: 0 });
    const result = await (await reached(w, "validate")).run();
    expect(codeOf(result)).to.equal("validation-failed");
    if (result.outcome === "failed") expect(result.reason.message).to.contain("no test ran");
  });
});
