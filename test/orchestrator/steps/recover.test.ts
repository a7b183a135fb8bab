import { expect } from "chai";
import { openPromotions } from "../../../orchestrator/promotion/history.ts";
import { journal } from "../../../orchestrator/promotion/promotion.ts";
import type { Call } from "../../fakes/process.ts";
import { codeOf, reached } from "../../fakes/reached.ts";
import { type World, world } from "../../fakes/world.ts";

const WAITING = { order: { waitMs: 600_000 } };

/** A process that ends right after it gave the new release a tenth of the traffic. */
const inShift = ({ port, method }: Call) =>
  port === "traffic" && method === "route" ? ("dies-after" as const) : undefined;

describe("the step recover", () => {
  let w: World;
  let first: string;

  beforeEach(async () => {
    w = world();
    first = await w.settled();
  });

  it("has nothing to do where every promotion ended", async () => {
    const { p, run } = await reached(w, "recover");
    expect(codeOf(await run())).to.equal("passed");
    expect(p.found.running?.sha).to.equal(first);
    expect(w.traffic.written).to.deep.equal([]);
  });

  it("gives the traffic back and ends the one that died under its own name", async () => {
    expect(await w.promoteUntilDeath(await w.release("dead"), inShift)).to.equal("died");
    const { p, run } = await reached(w, "recover", WAITING);
    expect(openPromotions(p.found.entries)).to.have.length(2);
    expect(await run()).to.deep.equal({
      outcome: "passed",
      note: "cleared up after promotion-2, which died",
    });
    expect(openPromotions(p.found.entries).map(({ promotionId }) => promotionId)).to.deep.equal([p.id]);
    expect(w.share(first)).to.equal(1);
    expect(p.found.previous?.sha).to.equal(first);
  });

  it("takes away the lock of an update that was cut off, and leaves the traffic alone, where nobody died", async () => {
    const { p, run } = await reached(w, "recover");
    const cutOff = { type: "stack-updated", sha: first, ms: 1, failure: "killed", cutOff: true } as const;
    await journal(p, cutOff);
    const note = "cleared up after an update that was cut off";
    expect(await run()).to.deep.equal({ outcome: "passed", note });
    expect(w.engine.did.at(-1)).to.equal(`clear-lock ${first}`);
    expect(w.traffic.written).to.deep.equal([]);
    expect(p.found.running?.sha).to.equal(first);
  });

  it("does not claim to know what runs when the traffic could not be given back", async () => {
    expect(await w.promoteUntilDeath(await w.release("dead"), inShift)).to.equal("died");
    const { p, run } = await reached(w, "recover", WAITING);
    w.probes.answer(() => ({ ok: false, status: 500, ms: 1, problem: "status 500" }));
    const result = await run();
    expect(codeOf(result)).to.equal("recovery-failed");
    if (result.outcome === "failed")
      expect(result.reason.message).to.contain("promotion-2, which died").and.to.contain("status 500");
    expect(p.found.running).to.equal(undefined);
  });
});
