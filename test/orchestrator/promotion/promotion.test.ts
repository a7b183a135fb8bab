import { expect } from "chai";
import { problem } from "../../../orchestrator/problems.ts";
import type { LedgerEvent } from "../../../orchestrator/promotion/events.ts";
import { isLeaseLost, journal, type Promotion } from "../../../orchestrator/promotion/promotion.ts";
import { refused } from "../../contracts/refused.ts";
import { reached } from "../../fakes/reached.ts";
import { type World, world } from "../../fakes/world.ts";

describe("the journal of a promotion", () => {
  const event: LedgerEvent = { type: "quarantined", sha: "ab".repeat(20), because: "it is ill" };
  let w: World;
  let p: Promotion;

  beforeEach(async () => {
    w = world();
    ({ p } = await reached(w, "recover"));
  });

  const written = () => w.ledger.written.filter((entry) => entry.event.type === "quarantined");

  /** Answers nothing, before or after it has written. */
  function loses(answerOnly: boolean, times = 1): void {
    const { append } = w.ledger;
    let left = times;
    p.ports.ledger.append = async (...given) => {
      if (left-- <= 0) return append(...given);
      if (answerOnly) await append(...given);
      throw new Error("socket hang up");
    };
  }

  it("records nothing before the lease is held", async () => {
    p.lease = undefined;
    await journal(p, event);
    expect(written()).to.deep.equal([]);
  });

  it("knows what it recorded", async () => {
    await journal(p, event);
    expect(p.found.entries.at(-1)).to.deep.equal(w.ledger.written.at(-1));
    expect(p.found.entries.at(-1)?.promotionId).to.equal(p.id);
  });

  it("takes an entry for written when only the answer was lost, and writes it once", async () => {
    loses(true);
    await journal(p, event);
    expect(written()).to.have.length(1);
    expect(p.found.entries.at(-1)?.event).to.deep.equal(event);
  });

  it("finds an entry all the same that a secret was left out of", async () => {
    w.secrets.know("correct horse battery");
    const { append } = p.ports.ledger;
    p.ports.ledger.append = async (...given) => {
      await append(...given);
      throw new Error("socket hang up");
    };
    await journal(p, { ...event, because: "it said: correct horse battery" });
    expect(written()).to.have.length(1);
    expect(p.found.entries.at(-1)?.event).to.include({ because: "it said: [redacted]" });
  });

  it("takes no other entry of its own for the one that it looks for", async () => {
    const { append } = w.ledger;
    p.ports.ledger.append = async (lease) => {
      await append(lease, { type: "step-started", step: "another" });
      throw new Error("socket hang up");
    };
    const error = await journal(p, event).catch((reason) => reason);
    expect(error.message).to.equal("socket hang up");
  });

  it("is found by a promotion that knows of no entry yet", async () => {
    p.found.entries = [];
    loses(true);
    await journal(p, event);
    expect(p.found.entries).to.have.length(1);
  });

  it("throws what the ledger threw when the entry is not there", async () => {
    loses(false);
    const error = await journal(p, event).catch((reason) => reason);
    expect(error.message).to.equal("socket hang up");
    expect(written()).to.deep.equal([]);
  });

  it("throws what the ledger threw when it cannot be read either", async () => {
    loses(true);
    p.ports.ledger.entries = () => Promise.reject(new Error("Rate exceeded"));
    const error = await journal(p, event).catch((reason) => reason);
    expect(error.message).to.equal("socket hang up");
  });

  it("does not take an earlier entry of the same words, or another promotion's, for this one", async () => {
    await journal(p, event);
    await w.ledger.append(p.lease ?? { fence: 0, promotionId: "" }, event, "another");
    loses(false);
    const error = await journal(p, event).catch((reason) => reason);
    expect(error).to.be.an("error");
    expect(p.found.entries.filter((entry) => entry.event.type === "quarantined")).to.have.length(1);
  });

  it("asks the ledger after any error that does not say that the lease is lost", async () => {
    for (const error of [problem("plan-stale", { environment: "trial" }), undefined]) {
      const { append } = w.ledger;
      p.ports.ledger.append = async (...given) => {
        await append(...given);
        throw error;
      };
      await journal(p, { ...event, because: String(error) });
      p.ports.ledger.append = append;
    }
    expect(written()).to.have.length(2);
    expect(isLeaseLost(Object.assign(new Error("not ours"), { code: "lease-lost" }))).to.equal(false);
  });

  it("does not ask again when the lease is lost", async () => {
    await w.ledger.release(p.lease ?? { fence: 0, promotionId: "" });
    p.ports.ledger.entries = () => Promise.reject(new Error("it must not be asked"));
    await refused("lease-lost", journal(p, event));
  });
});
