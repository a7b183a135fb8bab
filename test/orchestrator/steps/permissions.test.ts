import { expect } from "chai";
import { permissions } from "../../../orchestrator/steps/permissions.ts";
import { codeOf } from "../../fakes/reached.ts";
import { world } from "../../fakes/world.ts";

describe("the step permissions", () => {
  const w = world();
  const check = () => permissions.run(w.promoting("a").p);

  it("passes where nothing is denied, and says of how much", async () => {
    w.permissions.find({ checked: true, deeds: 9, denied: [] });
    expect(await check()).to.deep.equal({ outcome: "passed", note: "9 deeds simulated, none denied" });
  });

  it("refuses where something is denied, and names it", async () => {
    w.permissions.find({ checked: true, deeds: 9, denied: ["kms:Sign on the key"] });
    const result = await check();
    expect(codeOf(result)).to.equal("permissions-missing");
    if (result.outcome === "failed") expect(result.reason.message).to.contain("kms:Sign on the key");
  });

  it("does not pass for want of an answer: it says that nothing was checked, and why", async () => {
    w.permissions.find({ checked: false, because: "not authorised to simulate" });
    expect(await check()).to.deep.equal({
      outcome: "skipped",
      note: "not checked: not authorised to simulate",
    });
  });
});
