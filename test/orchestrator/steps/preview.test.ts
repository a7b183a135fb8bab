import { expect } from "chai";
import type { Change } from "../../../orchestrator/ports/engine.ts";
import { summary } from "../../../orchestrator/steps/preview.ts";
import { refused } from "../../contracts/refused.ts";
import { codeOf, reached } from "../../fakes/reached.ts";
import { world } from "../../fakes/world.ts";

describe("the step preview", () => {
  it("keeps the plan, and says it in a line", async () => {
    const { p, sha, run } = await reached(world(), "preview");
    expect(await run()).to.deep.equal({ outcome: "passed", note: "3 to create" });
    expect(p.found.plan?.sha).to.equal(sha);
  });

  it("fails with what the engine says", async () => {
    const w = world();
    const { run } = await reached(w, "preview");
    w.engine.failNextPreview("table: unknown attribute");
    const result = await run();
    expect(codeOf(result)).to.equal("preview-failed");
    if (result.outcome === "failed") expect(result.reason.message).to.contain("table: unknown attribute");
  });

  it("leaves it to the loop to tell an interruption", async () => {
    const w = world();
    const { p, run } = await reached(w, "preview");
    const why = new Error("SIGINT");
    w.clock.after(100, () => p.stop(why));
    expect(await run().catch((error) => error)).to.equal(why);
  });

  it("fails when the state is lost: a plan that creates everything anew where something runs", async () => {
    const w = world();
    const first = await w.settled();
    const { run } = await reached(w, "preview");
    w.engine.loseState("lost");
    const error = await refused("state-lost", run());
    expect(error.message).to.contain(first);
  });

  it("tells what an update that died left undecided", async () => {
    const w = world();
    const { run } = await reached(w, "preview");
    w.engine.leavePending({ urn: "urn:one", operation: "updating" });
    const result = await run();
    expect(result).to.deep.equal({
      outcome: "passed",
      note: "3 to create; an update that died left undecided: updating urn:one",
    });
  });

  it("counts what is to be done, and leaves out what is not", () => {
    const change = (operation: Change["operation"]): Change => ({
      urn: "u",
      type: "t",
      operation,
      properties: [],
    });
    const plan = (...operations: Change["operation"][]) => ({
      sha: "",
      changes: operations.map(change),
      basedOn: "",
      handle: undefined,
    });
    expect(summary(plan("update", "same", "create", "update"))).to.equal("2 to update, 1 to create");
    expect(summary(plan("same"))).to.equal("nothing to change");
    expect(summary(plan())).to.equal("nothing to change");
  });
});
