import { expect } from "chai";
import { expectInOrder } from "../../fakes/invariants.ts";
import { type World, world } from "../../fakes/world.ts";

const MANY = 64;
const ROUNDS = 20;

/** So many promotions of one release, begun at the same moment; gives those that had their way, and the others. */
async function race(w: World, sha: string) {
  const ends = await Promise.all(Array.from({ length: MANY }, () => w.promote(sha)));
  const won = ends.filter(({ outcome }) => outcome !== "refused");
  return { won, lost: ends.filter(({ outcome }) => outcome === "refused") };
}

describe("many promotions at once", () => {
  it("have one winner in every round, and all others are told who it is", async () => {
    const w = world();
    await w.settled();
    for (let round = 1; round <= ROUNDS; round++) {
      const sha = await w.release(`release ${round}`);
      const { won, lost } = await race(w, sha);
      expect(won.map(({ outcome }) => outcome)).to.deep.equal(["promoted"]);
      expect(w.share(sha)).to.equal(1);
      const run = `run ${(await w.ledger.entries()).at(-1)?.promotionId.replace("promotion-", "")}`;
      for (const { reason } of lost) {
        expect(reason?.code).to.equal("lease-taken");
        expect(reason?.message).to.contain(`(${run})`);
      }
      const [winner] = won;
      if (winner) await expectInOrder(w, winner);
    }
    const starts = (await w.ledger.entries()).filter(({ event }) => event.type === "promotion-started");
    expect(starts, "nobody who was refused wrote anything").to.have.length(ROUNDS + 1);
  });

  it("never wait for those of another environment", async () => {
    const [one, other] = [world(), world()];
    const shas = await Promise.all([one.release("release"), other.release("release")]);
    const [here, there] = await Promise.all([race(one, shas[0]), race(other, shas[1])]);
    expect(here.won).to.have.length(1);
    expect(there.won).to.have.length(1);
  });
});
