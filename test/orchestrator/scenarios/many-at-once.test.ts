import { expect } from "chai";
import { virtualClock } from "../../fakes/clock.ts";
import { expectInOrder } from "../../fakes/invariants.ts";
import type { Call } from "../../fakes/process.ts";
import { world } from "../../fakes/world.ts";

const CONTENDERS = 64;
const ROUNDS = 20;

/** Every call takes its own time, so that each round meets in another order. */
const hurried = (contender: number, round: number) => (call: Call) => ({
  takes: call.port === "clock" ? 0 : 1 + ((contender * 37 + round * 101 + call.n * 53) % 90),
});

describe("many promotions at once", function () {
  this.timeout(60_000);

  it(`have one winner in each of ${ROUNDS} rounds of ${CONTENDERS}; the others are told who it is`, async () => {
    const w = world({ bake: 2_000, strategy: [{ percent: 100, holdMs: 0 }] });
    for (let round = 1; round <= ROUNDS; round++) {
      const sha = await w.release(`release of round ${round}`);
      const began = w.clock.monotonic();
      const refusedAfter: number[] = [];
      const conclusions = await Promise.all(
        Array.from({ length: CONTENDERS }, async (_, contender) => {
          const conclusion = await w.promote(sha, { befalls: hurried(contender, round) });
          if (conclusion.outcome === "refused") refusedAfter.push(w.clock.monotonic() - began);
          return conclusion;
        }),
      );
      const winners = conclusions.filter(({ outcome }) => outcome === "promoted");
      expect(winners, `the winners of round ${round}`).to.have.length(1);
      const started = w.ledger.written.filter(({ event }) => event.type === "promotion-started").at(-1);
      const [, run] = started?.promotionId.split("-") ?? [];
      for (const { outcome, reason } of conclusions.filter((each) => each.outcome !== "promoted")) {
        expect(outcome).to.equal("refused");
        expect(reason?.code).to.equal("lease-taken");
        expect(reason?.message, "the holder is named").to.contain(`(run ${run})`);
      }
      expect(Math.max(...refusedAfter), "milliseconds until the last was refused").to.be.below(2_000);
      expect(w.share(sha)).to.equal(1);
      await expectInOrder(w, winners[0] ?? { outcome: "refused", reason: null, steps: [] });
    }
  });

  it("of two environments do not wait for each other", async () => {
    const clock = virtualClock();
    const [one, other] = [world({}, { clock }), world({}, { clock })];
    const [of, from] = [await one.release("a"), await other.release("a")];
    const began = clock.monotonic();
    const conclusions = await Promise.all([one.promote(of), other.promote(from)]);
    expect(conclusions.map(({ outcome }) => outcome)).to.deep.equal(["promoted", "promoted"]);
    const together = clock.monotonic() - began;
    const alone = world();
    await alone.promote(await alone.release("a"));
    expect(together).to.equal(alone.clock.monotonic());
  });
});
