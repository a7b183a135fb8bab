import { expect } from "chai";
import type { Holder } from "../../../orchestrator/ports/ledger.ts";
import { acquireLease, breakLease, keepAlive } from "../../../orchestrator/promotion/lease.ts";
import { refused } from "../../contracts/refused.ts";
import { type World, world } from "../../fakes/world.ts";

const other: Holder = { who: "a colleague", host: "a laptop", run: "process 7", promotionId: "another" };
const SHA = "ab".repeat(20);
const LEASE_MS = 60_000;

describe("the lease of a promotion", () => {
  let w: World;

  beforeEach(() => {
    w = world();
  });

  const contender = (waitMs: number) => w.promoting(SHA, { order: { waitMs } });

  async function heldByAnother() {
    const answer = await w.ledger.acquire(other, LEASE_MS);
    if (!answer.acquired) throw new Error("the lease was not free");
    return answer.lease;
  }

  it("is taken at once when nobody has it", async () => {
    const { p } = contender(0);
    expect(await acquireLease(p)).to.deep.equal({ fence: 1, promotionId: p.id });
    expect(w.clock.monotonic()).to.equal(0);
  });

  it("is refused at once, naming the holder, without the wish to wait", async () => {
    await heldByAnother();
    const error = await refused("lease-taken", acquireLease(contender(0).p));
    expect(error.message).to.contain("a colleague on a laptop").and.to.contain("process 7");
    expect(w.clock.monotonic()).to.equal(0);
  });

  it("is taken over only after its whole duration without a beat, by the contender's own clock", async () => {
    await heldByAnother();
    const lease = await acquireLease(contender(10 * 60_000).p);
    expect(lease.fence).to.equal(2);
    expect(w.clock.monotonic()).to.equal(LEASE_MS);
  });

  it("goes by the holder's duration, not by the contender's", async () => {
    await w.ledger.acquire(other, 5 * 60_000);
    await acquireLease(contender(10 * 60_000).p);
    expect(w.clock.monotonic()).to.be.within(5 * 60_000, 5 * 60_000 + 2_000);
  });

  it("is not taken from somebody who beats", async () => {
    const lease = await heldByAnother();
    const { ledger, clock } = w;
    for (let at = 30_000; at <= 270_000; at += 30_000) clock.after(at, () => void ledger.beat(lease));
    await refused("lease-taken", acquireLease(contender(5 * 60_000).p));
    expect(w.clock.monotonic()).to.be.within(5 * 60_000, 5 * 60_000 + 2_000);
  });

  it("counts the silence from the last beat that was seen", async () => {
    const lease = await heldByAnother();
    w.clock.after(40_000, () => void w.ledger.beat(lease));
    await acquireLease(contender(10 * 60_000).p);
    expect(w.clock.monotonic()).to.be.within(100_000, 104_000);
  });

  it("is not taken over by a contender who waits for less than its duration", async () => {
    await heldByAnother();
    await refused("lease-taken", acquireLease(contender(LEASE_MS / 2).p));
    expect((await w.ledger.held())?.holder).to.deep.equal(other);
  });

  it("is taken as soon as it is given back", async () => {
    const lease = await heldByAnother();
    w.clock.after(10_000, () => void w.ledger.release(lease));
    await acquireLease(contender(10 * 60_000).p);
    expect(w.clock.monotonic()).to.be.within(10_000, 12_000);
    expect(w.told).to.deep.include({
      type: "note",
      step: "lease",
      text: "waiting for a colleague (process 7)",
    });
  });

  it("is asked for the more often the shorter it is held", async () => {
    const answer = await w.ledger.acquire(other, 1_000);
    w.clock.after(300, () => void (answer.acquired && w.ledger.release(answer.lease)));
    await acquireLease(contender(10 * 60_000).p);
    expect(w.clock.monotonic()).to.equal(500);
  });

  it("is waited for until an interrupt", async () => {
    await heldByAnother();
    const { p, stopping } = contender(10 * 60_000);
    const why = new Error("SIGINT");
    w.clock.after(7_000, () => stopping.abort(why));
    expect(await acquireLease(p).catch((error) => error)).to.equal(why);
    expect(w.clock.monotonic()).to.equal(7_000);
  });

  describe("once it is held", () => {
    it("is shown to be alive four times in its duration, until it is ended", async () => {
      const { p } = contender(0);
      const end = keepAlive(p, await acquireLease(p));
      await w.clock.sleep(2 * LEASE_MS + 1);
      expect((await w.ledger.held())?.beat).to.equal(8);
      end();
      await w.clock.sleep(LEASE_MS);
      expect((await w.ledger.held())?.beat).to.equal(8);
    });

    it("stops the promotion when it is lost", async () => {
      const { p, stopping } = contender(0);
      const lease = await acquireLease(p);
      keepAlive(p, lease);
      await w.ledger.acquire(other, LEASE_MS, { fence: lease.fence, beat: 0 });
      await w.clock.sleep(LEASE_MS / 2);
      expect(stopping.signal.reason).to.have.property("code", "lease-lost");
    });

    it("goes on when a beat merely fails", async () => {
      let beats = 0;
      const befalls = ({ method }: { method: string }) =>
        method === "beat" && ++beats === 1 ? ("fails" as const) : undefined;
      const { p, stopping } = w.promoting(SHA, { befalls });
      const end = keepAlive(p, await acquireLease(p));
      await w.clock.sleep(LEASE_MS);
      end();
      expect(stopping.signal.aborted).to.equal(false);
      expect((await w.ledger.held())?.beat).to.be.greaterThan(1);
    });
  });
});

describe("a lease that is broken", () => {
  const onCall: Holder = {
    who: "the one on call",
    host: "a desk",
    run: "process 9",
    promotionId: "unlocking",
  };
  const breaking = (w: World) => breakLease(w.ledger, onCall, LEASE_MS, "the laptop was lost");

  it("is free, and the ledger says whose it was, who broke it and why", async () => {
    const w = world();
    const answer = await w.ledger.acquire(other, LEASE_MS);
    const seen = await w.ledger.held();
    expect(await breaking(w)).to.deep.equal({ broken: true, held: seen });
    expect(await w.ledger.held()).to.equal(undefined);
    expect(w.ledger.written.map(({ event }) => event)).to.deep.equal([
      {
        type: "lease-broken",
        holder: "a colleague on a laptop (process 7)",
        because: "the laptop was lost",
        who: "the one on call",
      },
    ]);
    if (answer.acquired)
      await refused("lease-lost", w.ledger.append(answer.lease, { type: "step-started", step: "up" }));
  });

  it("is none where nobody has one, and nothing is recorded", async () => {
    const w = world();
    expect(await breaking(w)).to.deep.equal({ broken: false, held: undefined });
    expect(w.ledger.written).to.deep.equal([]);
  });

  it("is left alone when it beats while it is looked at: its run lives", async () => {
    const w = world();
    const answer = await w.ledger.acquire(other, LEASE_MS);
    const { held } = w.ledger;
    const ledger = {
      ...w.ledger,
      async held() {
        const seen = await held();
        if (answer.acquired) await w.ledger.beat(answer.lease);
        return seen;
      },
    };
    const ended = await breakLease(ledger, onCall, LEASE_MS, "it seems dead");
    expect(ended.broken).to.equal(false);
    expect(ended.held?.holder).to.deep.equal(other);
    expect((await w.ledger.held())?.holder).to.deep.equal(other);
    expect(w.ledger.written).to.deep.equal([]);
  });

  it("is given back when it could not be recorded", async () => {
    const w = world();
    await w.ledger.acquire(other, LEASE_MS);
    const ledger = { ...w.ledger, append: () => Promise.reject(new Error("throttled")) };
    const error = await breakLease(ledger, onCall, LEASE_MS, "r").catch((e) => e);
    expect(error.message).to.equal("throttled");
    expect(await w.ledger.held()).to.equal(undefined);
  });
});
