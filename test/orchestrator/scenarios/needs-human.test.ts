import { expect } from "chai";
import { promotion } from "../../../orchestrator/promotion/course.ts";
import type { Progress } from "../../../orchestrator/promotion/progress.ts";
import { run } from "../../../orchestrator/promotion/run.ts";
import { expectInOrder } from "../../fakes/invariants.ts";
import { ill } from "../../fakes/probes.ts";
import { type World, world } from "../../fakes/world.ts";

const starts = (step: string, act: () => void) => (progress: Progress) => {
  if (progress.type === "step-started" && progress.step === step) act();
};

describe("a promotion that only a person can end", () => {
  let w: World;

  beforeEach(() => {
    w = world();
  });

  it("has nothing to go back to when the very first release fails", async () => {
    const sha = await w.release("first");
    w.engine.failNextUp("the role cannot be assumed");
    const conclusion = await w.promote(sha);
    expect(conclusion.outcome).to.equal("needs-human");
    expect(conclusion.reason?.code).to.equal("nothing-to-return-to");
    expect(conclusion.reason?.remedy).to.contain("npm run promote -- --env trial");
    await expectInOrder(w, conclusion);
    const mended = await w.release("mended");
    expect((await w.promote(mended)).outcome, "the remedy works").to.equal("promoted");
  });

  it("says what is known when the proof of the way back fails, and claims nothing in the ledger", async () => {
    await w.settled();
    const bad = await w.release("bad");
    w.alarms.fire("trial-dashboard-errors", () => w.share(bad) === 1);
    const fall = starts("rollback", () => w.probes.answer(() => ill));
    const conclusion = await w.promote(bad, { tell: fall });
    expect(conclusion.outcome).to.equal("needs-human");
    expect(conclusion.reason?.code).to.equal("rollback-failed");
    expect(conclusion.reason?.message).to.contain("status 500").and.to.contain("its traffic: not proved");
    expect((await w.ledger.entries()).at(-1)?.event).to.include({ outcome: "needs-human", running: null });
    expect(w.notifier.sent.at(-1)?.body)
      .to.contain("not known")
      .and.to.contain(conclusion.reason?.message)
      .and.to.contain("Traffic now: ");
    await expectInOrder(w, conclusion);
  });

  describe("because nobody knows where the traffic is", () => {
    let first: string;
    let bad: string;
    let ill: boolean;

    beforeEach(async () => {
      ill = false;
      first = await w.settled();
      bad = await w.release("bad");
      w.alarms.fire("trial-dashboard-errors", () => ill || w.share(bad) === 1);
      w.probes.answer(() => (ill ? { ok: false, status: 500, problem: "status 500" } : undefined));
      const fall = starts("rollback", () => {
        ill = true;
      });
      expect((await w.promote(bad, { tell: fall })).outcome).to.equal("needs-human");
    });

    it("is not made known by a promotion that is refused", async () => {
      const conclusion = await w.promote(await w.release("third"));
      expect(conclusion.reason?.code).to.equal("alarms-firing");
      expect(w.ledger.written.at(-1)?.event).to.include({ outcome: "refused", running: null });
    });

    it("goes back with the command that the remedy names, to the last release that was promoted", async () => {
      ill = false;
      const conclusion = await w.rollback();
      expect(conclusion).to.include({ outcome: "promoted", reason: null });
      expect(w.share(first)).to.equal(1);
      const condemned = w.ledger.written.flatMap(({ event }) =>
        event.type === "quarantined" ? event.sha : [],
      );
      expect(condemned, "the release that is gone back to is not what was left").to.deep.equal([bad]);
      await expectInOrder(w, conclusion);
    });
  });

  it("is told by the aliases themselves, in the message and in the ledger", async () => {
    const first = await w.settled();
    const bad = await w.release("bad");
    w.alarms.fire("trial-dashboard-errors", () => (w.share(bad) ?? 0) > 0);
    const breaks = starts("rollback", () => {
      w.traffic.route = () => Promise.reject(new Error("Rate exceeded"));
    });
    const conclusion = await w.promote(bad, { tell: breaks });
    const on = `90 % on ${first.slice(0, 7)} (version 1) and 10 % on ${bad.slice(0, 7)} (version 2)`;
    const where = `Traffic now: dashboard ${on}, ingestion ${on}`;
    expect(conclusion.reason?.message).to.contain(where);
    const end = w.ledger.written.at(-1)?.event;
    if (end?.type === "promotion-ended") expect(end.reason?.message).to.contain(where);
  });

  it("is not fooled by an alias that points to a version with other code", async () => {
    const first = await w.settled();
    const bad = await w.release("bad");
    w.alarms.fire("trial-dashboard-errors", () => w.share(bad) === 1);
    const spoil = starts("rollback", () => {
      const version = w.lambda.version("trial-ingestion", "1");
      if (version) version.codeSha256 = "something else";
    });
    const conclusion = await w.promote(bad, { tell: spoil });
    expect(conclusion.outcome).to.equal("needs-human");
    expect(conclusion.reason?.message).to.contain("trial-ingestion:1");
    expect(w.share(first)).to.equal(1);
  });

  it("says that the traffic is safe when only the stack could not be taken back", async () => {
    const first = await w.settled();
    const bad = await w.release("bad");
    w.alarms.fire("trial-dashboard-errors", () => w.share(bad) === 1);
    const fail = starts("rollback", () => w.engine.failNextPreview("the state is locked"));
    const conclusion = await w.promote(bad, { tell: fail });
    expect(conclusion.outcome).to.equal("needs-human");
    expect(conclusion.reason?.message).to.contain("the state is locked");
    expect(conclusion.reason?.message).to.contain(`its traffic: all of it on ${first}, proved`);
    expect(w.share(first)).to.equal(1);
    const ended = (await w.ledger.entries()).at(-1)?.event;
    if (ended?.type === "promotion-ended") expect(ended.running?.sha).to.equal(first);
    await expectInOrder(w, conclusion);
  });

  it("runs the new release when only the record fails, and the same command finishes the record", async () => {
    await w.settled();
    const sha = await w.release("second");
    w.notifier.fail(3);
    const conclusion = await w.promote(sha);
    expect(conclusion.outcome).to.equal("needs-human");
    expect(conclusion.reason?.code).to.equal("finish-failed");
    expect(w.share(sha)).to.equal(1);
    await expectInOrder(w, conclusion);
    const again = await w.promote(sha);
    expect(again).to.include({ outcome: "promoted", reason: null });
    await expectInOrder(w, again);
  });

  it("finishes the record of a very first release as well", async () => {
    const sha = await w.release("first");
    w.notifier.fail(3);
    expect((await w.promote(sha)).outcome).to.equal("needs-human");
    const again = await w.promote(sha);
    expect(again.outcome).to.equal("promoted");
    await expectInOrder(w, again);
  });

  it("still lets another release through, and goes back to the one that was promoted", async () => {
    const first = await w.settled();
    const second = await w.release("second");
    w.notifier.fail(3);
    await w.promote(second);
    const bad = await w.release("bad");
    w.alarms.fire("trial-dashboard-errors", () => (w.share(bad) ?? 0) > 0);
    const conclusion = await w.promote(bad);
    expect(conclusion.outcome).to.equal("rolled-back");
    expect(w.share(first)).to.equal(1);
    await expectInOrder(w, conclusion);
  });

  it("tries the record again before it gives up", async () => {
    const sha = await w.release("first");
    w.notifier.fail(2);
    expect((await w.promote(sha)).outcome).to.equal("promoted");
  });

  it("stops when its lease is lost, and says so", async () => {
    await w.settled();
    const sha = await w.release("second");
    const take = starts("watch", async () => {
      const held = await w.ledger.held();
      const holder = { who: "a colleague", host: "a laptop", run: "unlock", promotionId: "another" };
      if (held) await w.ledger.acquire(holder, 60_000, held);
    });
    const conclusion = await w.promote(sha, { tell: take });
    expect(conclusion.outcome).to.equal("needs-human");
    expect(conclusion.reason?.code).to.equal("lease-lost");
    expect((await w.ledger.held())?.holder.who, "the new lease is left alone").to.equal("a colleague");
  });

  it("pages somebody when it ended well and could not record it", async () => {
    const first = await w.settled();
    const sha = await w.release("second");
    const { p } = w.promoting(sha);
    const { append } = p.ports.ledger;
    p.ports.ledger.append = async (lease, event, promotionId) => {
      if (event.type === "promotion-ended") throw new Error("the table is gone");
      return await append(lease, event, promotionId);
    };
    const sent = w.notifier.sent.length;
    const conclusion = await run(p, promotion);
    expect(conclusion.reason?.code).to.equal("not-recorded");
    const pages = w.notifier.sent.slice(sent).filter(({ subject }) => subject.includes("needs a person"));
    expect(pages).to.have.length(1);
    expect(pages[0]?.body).to.contain(
      "it ended as promoted, but that could not be recorded: the table is gone",
    );
    expect(w.share(first)).to.equal(0);
  });
});
