import { expect } from "chai";
import { openPromotions } from "../../../orchestrator/promotion/history.ts";
import type { Progress } from "../../../orchestrator/promotion/progress.ts";
import { expectInOrder } from "../../fakes/invariants.ts";
import { ill } from "../../fakes/probes.ts";
import type { Call } from "../../fakes/process.ts";
import { type World, world } from "../../fakes/world.ts";

const WAITING = { order: { waitMs: 10 * 60_000 } };

/** Dies between the writes of the first alias and of the second. */
function midShift() {
  let routes = 0;
  return ({ port, method }: Call) =>
    port === "traffic" && method === "route" && ++routes === 2 ? ("dies" as const) : undefined;
}

describe("a promotion whose process died", () => {
  let w: World;
  let first: string;
  let dead: string;

  beforeEach(async () => {
    w = world();
    first = await w.settled();
    dead = await w.release("dead");
    expect(await w.promoteUntilDeath(dead, midShift())).to.equal("died");
  });

  it("leaves the traffic between two releases and the lease held", async () => {
    expect(w.share(first)).to.equal(undefined);
    expect((await w.ledger.held())?.holder.promotionId).to.equal("promotion-2");
  });

  it("keeps others out until its lease has run out", async () => {
    const conclusion = await w.promote(first);
    expect(conclusion.reason?.code).to.equal("lease-taken");
    expect(conclusion.reason?.remedy).to.contain("npm run unlock -- --env trial");
  });

  it("is cleared up by the next promotion before anything else", async () => {
    const third = await w.release("third");
    const conclusion = await w.promote(third, WAITING);
    expect(conclusion.outcome).to.equal("promoted");
    expect(w.share(third)).to.equal(1);
    const ends = (await w.ledger.entries()).filter(({ event }) => event.type === "promotion-ended");
    expect(ends.map(({ promotionId }) => promotionId)).to.deep.equal([
      "promotion-1",
      "promotion-2",
      "promotion-3",
    ]);
    expect(ends[1]?.event).to.include({ outcome: "rolled-back", sha: dead });
    await expectInOrder(w, conclusion);
  });

  it("may be promoted again: a death says nothing against the release", async () => {
    const conclusion = await w.promote(dead, WAITING);
    expect(conclusion.outcome).to.equal("promoted");
    await expectInOrder(w, conclusion);
  });

  it("has its release quarantined when it died on the way back from a bad one", async () => {
    const bad = await w.release("bad");
    w.alarms.fire("trial-dashboard-errors", () => w.share(bad) === 1);
    let back = false;
    const onTheWayBack = ({ port, method }: Call) =>
      back && port === "traffic" && method === "route" ? ("dies" as const) : undefined;
    const tell = (progress: Progress) => {
      back ||= progress.type === "step-started" && progress.step === "rollback";
    };
    expect(await w.promoteUntilDeath(bad, onTheWayBack, { ...WAITING, tell })).to.equal("died");
    w.alarms.calm("trial-dashboard-errors");
    const conclusion = await w.promote(bad, WAITING);
    expect(conclusion.reason?.code, "what was seen is not forgotten").to.equal("quarantined");
    expect(conclusion.reason?.message).to.contain("watch: ").and.to.contain("ALARM");
    expect(w.share(first)).to.equal(1);
    await expectInOrder(w, conclusion);
  });

  it("is not forgotten when the clearing up fails", async () => {
    const third = await w.release("third");
    let broken = true;
    w.probes.answer(() => (broken ? ill : undefined));
    const failed = await w.promote(third, WAITING);
    expect(failed.outcome, "nobody can say what the traffic is on").to.equal("needs-human");
    expect(failed.reason?.message).to.contain("the proof of the way back");
    const open = openPromotions(await w.ledger.entries()).map(({ promotionId }) => promotionId);
    expect(open).to.deep.equal(["promotion-2"]);
    expect(await w.ledger.held()).to.equal(undefined);
    broken = false;
    const conclusion = await w.promote(third);
    expect(conclusion.outcome).to.equal("promoted");
    await expectInOrder(w, conclusion);
  });

  it("is cleared up once more when the one that cleared up dies too", async () => {
    const third = await w.release("third");
    const inClearing = ({ port, method }: Call) =>
      port === "traffic" && method === "route" ? ("dies" as const) : undefined;
    expect(await w.promoteUntilDeath(third, inClearing, WAITING)).to.equal("died");
    const conclusion = await w.promote(third, WAITING);
    expect(conclusion.outcome).to.equal("promoted");
    await expectInOrder(w, conclusion);
  });

  it("leaves its lock on the stack when it died in the update, which is taken away", async () => {
    const inUpdate = ({ port, method }: Call) =>
      port === "engine" && method === "up" ? ("dies" as const) : undefined;
    const third = await w.release("third");
    expect(await w.promoteUntilDeath(third, inUpdate, WAITING)).to.equal("died");
    w.engine.leaveLocked();
    const conclusion = await w.promote(third, WAITING);
    expect(conclusion.outcome).to.equal("promoted");
    expect(w.engine.did).to.include(`clear-lock ${third}`);
    await expectInOrder(w, conclusion);
  });

  it("has its lock left alone when it was not updating the stack", async () => {
    await w.promote(await w.release("third"), WAITING);
    expect(w.engine.did.filter((did) => did.startsWith("clear-lock"))).to.deep.equal([]);
  });

  describe("while it was taking the environment back", () => {
    let bad: string;

    /** Dies in the update that brings the stack back, the second one. */
    const inReconciling = (when: "dies" | "dies-after") => {
      let updates = 0;
      return ({ port, method }: Call) =>
        port === "engine" && method === "up" && ++updates === 2 ? when : undefined;
    };

    beforeEach(async () => {
      await w.promote(first, WAITING);
      bad = await w.release("bad");
      w.probes.answer(({ sha }) => (sha === bad ? ill : undefined));
    });

    it("has the stack brought back too, by the run that is refused for it", async () => {
      expect(await w.promoteUntilDeath(bad, inReconciling("dies"))).to.equal("died");
      const conclusion = await w.promote(bad, WAITING);
      expect(conclusion.reason?.code).to.equal("quarantined");
      expect(w.share(first)).to.equal(1);
      expect(w.engine.applied()).to.equal(first);
      await expectInOrder(w, conclusion);
    });

    it("has its release quarantined for what it saw, and the stack brought back, when it died before both", async () => {
      const atOnce = ({ port, method }: Call) =>
        port === "traffic" && method === "route" ? ("dies" as const) : undefined;
      expect(await w.promoteUntilDeath(bad, atOnce)).to.equal("died");
      expect(w.engine.applied()).to.equal(bad);
      const conclusion = await w.promote(bad, WAITING);
      expect(conclusion.reason?.code).to.equal("quarantined");
      expect(conclusion.reason?.message).to.contain("canary");
      expect(w.engine.applied()).to.equal(first);
      await expectInOrder(w, conclusion);
    });

    it("needs a person where the stack cannot be brought back, and says where the traffic is", async () => {
      expect(await w.promoteUntilDeath(bad, inReconciling("dies"))).to.equal("died");
      w.engine.failNextUp("no quota");
      const conclusion = await w.promote(bad, WAITING);
      expect(conclusion.outcome).to.equal("needs-human");
      expect(conclusion.reason).to.include({ code: "stack-behind" });
      expect(conclusion.reason?.message)
        .to.contain("no quota")
        .and.to.contain(`all of it on ${first}, proved`);
      expect((await w.promote(bad)).reason?.code, "the next one tries again").to.equal("quarantined");
      expect(w.engine.applied()).to.equal(first);
    });
  });

  it("leaves nothing to go back to when it was the first", async () => {
    const empty = world();
    const only = await empty.release("only");
    const inUpdate = ({ port, method }: Call) =>
      port === "engine" && method === "up" ? ("dies-after" as const) : undefined;
    expect(await empty.promoteUntilDeath(only, inUpdate)).to.equal("died");
    const conclusion = await empty.promote(only, WAITING);
    expect(conclusion.outcome).to.equal("promoted");
    await expectInOrder(empty, conclusion);
  });
});
