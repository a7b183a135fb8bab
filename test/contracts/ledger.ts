import { expect } from "chai";
import type { Holder, Lease, Ledger } from "../../orchestrator/ports/ledger.ts";
import type { LedgerEvent } from "../../orchestrator/promotion/events.ts";
import { brokenLink } from "../../orchestrator/promotion/history.ts";
import { refused } from "./refused.ts";

const holder = (promotionId: string): Holder => ({
  who: "somebody",
  host: "a host",
  run: "run 1",
  promotionId,
});
const event = (step: string): LedgerEvent => ({ type: "step-started", step });
const MINUTE = 60_000;

/** What every ledger must do. `make` gives a new, empty one, and each call of what it gives a client of its own. */
export function ledgerContract(make: () => Promise<() => Ledger>): void {
  let connect: () => Ledger;
  let ledger: Ledger;

  beforeEach(async () => {
    connect = await make();
    ledger = connect();
  });

  async function taken(by: Ledger, promotionId: string): Promise<Lease> {
    const answer = await by.acquire(holder(promotionId), MINUTE);
    if (!answer.acquired) throw new Error(`the lease is held by ${answer.held.holder.promotionId}`);
    return answer.lease;
  }

  /** A lease that somebody holds, and its taking over by somebody else who saw it dead. */
  async function takenOver(): Promise<{ old: Lease; ours: Lease }> {
    const old = await taken(ledger, "old");
    const { fence = 0, beat = 0 } = (await ledger.held()) ?? {};
    const answer = await connect().acquire(holder("new"), MINUTE, { fence, beat });
    if (!answer.acquired) throw new Error("a dead lease was not taken over");
    return { old, ours: answer.lease };
  }

  describe("its lease", () => {
    it("is free at first, held once taken, and free again once given back", async () => {
      expect(await ledger.held()).to.equal(undefined);
      const lease = await taken(ledger, "one");
      expect(await ledger.held()).to.deep.include({
        holder: holder("one"),
        fence: 1,
        beat: 0,
        durationMs: MINUTE,
      });
      await ledger.release(lease);
      expect(await ledger.held()).to.equal(undefined);
    });

    it("is refused to others, who are told of its holder", async () => {
      await taken(ledger, "one");
      const answer = await connect().acquire(holder("two"), MINUTE);
      expect(answer.acquired).to.equal(false);
      if (!answer.acquired) expect(answer.held.holder).to.deep.equal(holder("one"));
    });

    it("is given to the same promotion again, for its answer may have been lost", async () => {
      const lease = await taken(ledger, "one");
      expect(await taken(connect(), "one")).to.deep.equal(lease);
    });

    it("goes to exactly one of 16 racers", async () => {
      const racers = Array.from({ length: 16 }, (_, n) => connect().acquire(holder(`racer-${n}`), MINUTE));
      const answers = await Promise.all(racers);
      const winners = answers.filter(({ acquired }) => acquired);
      expect(winners).to.have.length(1);
      const held = (await ledger.held())?.holder.promotionId;
      for (const answer of answers)
        expect(answer.acquired ? answer.lease.promotionId : answer.held.holder.promotionId).to.equal(held);
    });

    it("has a fence that rises with every acquisition and is never used again", async () => {
      const fences: number[] = [];
      for (const promotionId of ["one", "two", "three"]) {
        const lease = await taken(ledger, promotionId);
        fences.push(lease.fence);
        await ledger.release(lease);
      }
      expect(fences).to.deep.equal([1, 2, 3]);
    });

    it("shows a beat that rises", async () => {
      const lease = await taken(ledger, "one");
      await ledger.beat(lease);
      await ledger.beat(lease);
      expect((await ledger.held())?.beat).to.equal(2);
    });

    it("is not taken over when it beat since it was seen", async () => {
      const lease = await taken(ledger, "one");
      await ledger.beat(lease);
      const answer = await connect().acquire(holder("two"), MINUTE, { fence: lease.fence, beat: 0 });
      expect(answer.acquired).to.equal(false);
    });

    it("is lost to the old holder when it was taken over", async () => {
      const { old, ours } = await takenOver();
      expect(ours.fence).to.be.greaterThan(old.fence);
      await refused("lease-lost", ledger.beat(old));
      await refused("lease-lost", ledger.append(old, event("up")));
      await ledger.release(old);
      expect((await ledger.held())?.holder.promotionId, "the new holder keeps it").to.equal("new");
      expect(await ledger.entries()).to.deep.equal([]);
      await connect().append(ours, event("up"));
    });

    it("lets only one of two take the same dead lease over", async () => {
      await taken(ledger, "dead");
      const over = { fence: 1, beat: 0 };
      const racers = ["one", "two"].map((name) => connect().acquire(holder(name), MINUTE, over));
      const acquired = (await Promise.all(racers)).filter((answer) => answer.acquired);
      expect(acquired).to.have.length(1);
    });

    it("may be given back twice", async () => {
      const lease = await taken(ledger, "one");
      await ledger.release(lease);
      await ledger.release(lease);
      expect(await ledger.held()).to.equal(undefined);
    });
  });

  describe("its record", () => {
    it("is empty at first", async () => {
      expect(await ledger.entries()).to.deep.equal([]);
    });

    it("gives back what was appended, in order and chained", async () => {
      const lease = await taken(ledger, "one");
      const appended = [];
      for (let n = 1; n <= 12; n++) appended.push(await ledger.append(lease, event(`step ${n}`)));
      const read = await connect().entries();
      expect(read).to.deep.equal(appended);
      expect(read.map(({ sequence }) => sequence)).to.deep.equal(Array.from({ length: 12 }, (_, n) => n + 1));
      expect(brokenLink(read)).to.equal(undefined);
    });

    it("goes on where another client left it", async () => {
      const first = await taken(ledger, "one");
      await ledger.append(first, event("up"));
      await ledger.release(first);
      const other = connect();
      const second = await taken(other, "two");
      await other.append(second, event("canary"));
      await other.release(second);
      const third = await taken(ledger, "three");
      await ledger.append(third, event("shift")).catch(() => ledger.append(third, event("shift")));
      const read = await ledger.entries();
      expect(read.map(({ promotionId }) => promotionId)).to.deep.equal(["one", "two", "three"]);
      expect(brokenLink(read)).to.equal(undefined);
    });

    it("says whose event an entry is, where that is not the lease holder's", async () => {
      const lease = await taken(ledger, "one");
      await ledger.append(lease, event("up"), "a dead one");
      expect((await ledger.entries())[0]?.promotionId).to.equal("a dead one");
    });

    it("takes nothing without the lease", async () => {
      const lease = await taken(ledger, "one");
      await ledger.release(lease);
      await refused("lease-lost", ledger.append(lease, event("up")));
      expect(await ledger.entries()).to.deep.equal([]);
    });

    it("takes nothing that is not an event", async () => {
      const lease = await taken(ledger, "one");
      const nonsense = { type: "nonsense" } as unknown as LedgerEvent;
      const error = await ledger.append(lease, nonsense).catch((reason) => reason);
      expect(error).to.be.an("error");
      expect(await ledger.entries()).to.deep.equal([]);
    });
  });
}
