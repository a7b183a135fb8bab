import { expect } from "chai";
import { quarantine } from "../../../orchestrator/promotion/history.ts";
import type { Progress } from "../../../orchestrator/promotion/progress.ts";
import { expectInOrder } from "../../fakes/invariants.ts";
import { ill } from "../../fakes/probes.ts";
import { type World, world } from "../../fakes/world.ts";

const whileWatching = (progress: Progress) => progress.type === "step-started" && progress.step === "watch";

describe("a promotion that goes bad", () => {
  let w: World;
  let first: string;
  let bad: string;

  beforeEach(async () => {
    w = world();
    first = await w.settled();
    bad = await w.release("bad");
  });

  type Case = { what: string; code: string; at: string; arrange(): void };
  const cases: Case[] = [
    {
      what: "the new version is ill before it has traffic",
      code: "canary-failed",
      at: "canary",
      arrange: () => w.probes.answer(({ how, sha }) => (how === "direct" && sha === bad ? ill : undefined)),
    },
    {
      what: "an alarm fires at a tenth of the traffic",
      code: "unhealthy",
      at: "shift",
      arrange: () => w.alarms.fire("trial-dashboard-errors", () => (w.share(bad) ?? 0) > 0),
    },
    {
      what: "an alarm fires at all of the traffic",
      code: "unhealthy",
      at: "watch",
      arrange: () => w.alarms.fire("trial-ingestion-errors", () => w.share(bad) === 1),
    },
    {
      what: "health requests fail",
      code: "unhealthy",
      at: "watch",
      arrange: () =>
        w.probes.answer(({ how, sha }) =>
          how === "throughUrl" && sha === bad && w.share(bad) === 1 ? ill : undefined,
        ),
    },
    {
      what: "an integration test fails",
      code: "validation-failed",
      at: "validate",
      arrange: () => w.validation.find({ failed: 1, failures: ["items are listed: timeout"] }),
    },
    {
      what: "the update fails in the middle",
      code: "up-failed",
      at: "up",
      arrange: () => w.engine.failNextUp("the role cannot be assumed"),
    },
  ];
  for (const { what, code, at, arrange } of cases)
    it(`is taken back by itself: ${what}`, async () => {
      arrange();
      const conclusion = await w.promote(bad);
      expect(conclusion.outcome).to.equal("rolled-back");
      expect(conclusion.reason?.code).to.equal(code);
      const [failed, last] = conclusion.steps.slice(-2);
      expect(failed).to.include({ name: at, outcome: "failed" });
      expect(last).to.include({ name: "rollback", outcome: "passed" });
      expect(w.share(first)).to.equal(1);
      expect(w.engine.applied(), "the stack is the old release's again").to.equal(first);
      const because = quarantine(await w.ledger.entries(), bad);
      if (at === "up") expect(because, "that says nothing against the release").to.equal(undefined);
      else expect(because).to.contain(at);
      expect(w.notifier.sent.at(-1)?.subject).to.contain(`trial: ${bad.slice(0, 7)} taken back`);
      await expectInOrder(w, conclusion);
    });

  it("gives the traffic back before it touches the stack", async () => {
    w.alarms.fire("trial-dashboard-errors", () => w.share(bad) === 1);
    await w.promote(bad);
    const types = (await w.ledger.entries()).map(({ event }) => event);
    const restored = types.findIndex((event) => event.type === "traffic-restored");
    const ended = types.at(-1);
    expect(types[restored]).to.include({ sha: first });
    expect(ended).to.include({ type: "promotion-ended" });
    if (ended?.type === "promotion-ended") expect(ended.rollbackMs).to.be.within(0, 2_000);
  });

  it("leaves the way open for the next release", async () => {
    w.alarms.fire("trial-dashboard-errors", () => (w.share(bad) ?? 0) > 0);
    await w.promote(bad);
    const mended = await w.release("mended");
    const conclusion = await w.promote(mended);
    expect(conclusion.outcome).to.equal("promoted");
    expect(w.share(mended)).to.equal(1);
    await expectInOrder(w, conclusion);
  });

  it("is taken back when it is interrupted while it watches, and may be tried again", async () => {
    const conclusion = await w.promote(bad, { interruptWhen: whileWatching });
    expect(conclusion.outcome).to.equal("rolled-back");
    expect(conclusion.reason?.code).to.equal("interrupted");
    expect(w.share(first)).to.equal(1);
    await expectInOrder(w, conclusion);
    expect((await w.promote(bad)).outcome, "an interruption says nothing against a release").to.equal(
      "promoted",
    );
  });

  it("is taken back without a quarantine when there was no evidence either way", async () => {
    w.alarms.set("trial-dashboard-errors", { state: "INSUFFICIENT_DATA" });
    const conclusion = await w.promote(bad);
    expect(conclusion.outcome).to.equal("rolled-back");
    expect(conclusion.reason?.code).to.equal("inconclusive");
    w.alarms.set("trial-dashboard-errors", { state: "OK" });
    expect((await w.promote(bad)).outcome).to.equal("promoted");
  });

  it("insists on the way back when somebody else changes the aliases meanwhile", async () => {
    w.alarms.fire("trial-dashboard-errors", () => w.share(bad) === 1);
    const meddle = (progress: Progress) => {
      if (progress.type !== "step-started" || progress.step !== "rollback") return;
      w.traffic.meddle("trial-dashboard", 2);
    };
    const conclusion = await w.promote(bad, { tell: meddle });
    expect(conclusion.outcome).to.equal("rolled-back");
    expect(w.share(first)).to.equal(1);
  });

  it("is taken back when somebody else changes an alias during the shift", async () => {
    w.traffic.meddle("trial-ingestion");
    const conclusion = await w.promote(bad);
    expect(conclusion.outcome).to.equal("rolled-back");
    expect(conclusion.reason?.code).to.equal("route-changed");
    await expectInOrder(w, conclusion);
  });

  it("is never updated a second time by itself: a failed update is one update", async () => {
    w.engine.failNextUp("a throttled API");
    const { outcome, reason } = await w.promote(bad);
    expect({ outcome, code: reason?.code }).to.deep.equal({ outcome: "rolled-back", code: "up-failed" });
    expect(w.engine.did.filter((did) => did === `up ${bad}`)).to.have.length(1);
    expect(w.engine.did.filter((did) => did === `preview ${bad}`)).to.have.length(1);
  });

  it("is taken back when the stack's state changes after the preview", async () => {
    const disturb = (progress: Progress) => {
      if (progress.type === "step-started" && progress.step === "gate") w.engine.disturb();
    };
    const conclusion = await w.promote(bad, { tell: disturb });
    expect(conclusion.outcome).to.equal("rolled-back");
    expect(conclusion.reason?.code).to.equal("plan-stale");
    await expectInOrder(w, conclusion);
  });
});
