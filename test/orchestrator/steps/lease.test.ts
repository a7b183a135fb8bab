import { expect } from "chai";
import { problem } from "../../../orchestrator/problems.ts";
import { lease } from "../../../orchestrator/steps/lease.ts";
import { refused } from "../../contracts/refused.ts";
import { codeOf, reached } from "../../fakes/reached.ts";
import { world } from "../../fakes/world.ts";

describe("the step lease", () => {
  it("takes the lease, finds what runs, and begins the record", async () => {
    const w = world();
    const first = await w.settled();
    const { p, sha, run } = await reached(w, "lease");
    expect(codeOf(await run())).to.equal("passed");
    expect(p.lease?.fence).to.equal(2);
    expect(p.found.previous?.sha).to.equal(first);
    expect(p.found.wayBack?.sha).to.equal(first);
    expect(w.ledger.written.at(-1)?.event).to.deep.include({
      type: "promotion-started",
      sha,
      previousSha: first,
    });
  });

  it("finds nothing in an empty environment", async () => {
    const w = world();
    const { p, run } = await reached(w, "lease");
    await run();
    expect(p.found.previous).to.equal(undefined);
    expect(w.ledger.written.at(-1)?.event).to.include({ previousSha: null });
  });

  it("refuses to go by a ledger that somebody changed, and adds nothing to it", async () => {
    const w = world();
    await w.settled();
    const before = w.ledger.written.length;
    const entry = w.ledger.written[2];
    if (entry) w.ledger.written[2] = { ...entry, at: "2031-01-01T00:00:00.000Z" };
    const conclusion = await w.promote(await w.release("second"));
    expect(conclusion.outcome).to.equal("refused");
    expect(conclusion.reason?.code).to.equal("chain-broken");
    expect(conclusion.reason?.message).to.contain("entry 3");
    const added = w.ledger.written.slice(before).map(({ event }) => event.type);
    expect(added).not.to.include("promotion-started").and.not.to.include("promotion-ended");
    expect(await w.ledger.held()).to.equal(undefined);
  });

  it("throws what the ledger throws, for the loop to refuse", async () => {
    const w = world();
    const { p } = w.promoting("ab".repeat(20));
    p.ports.ledger.acquire = () => Promise.reject(problem("lease-lost", { environment: "trial" }));
    await refused("lease-lost", lease.run(p));
  });
});
