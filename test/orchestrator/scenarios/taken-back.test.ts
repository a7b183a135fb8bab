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

  it("gives the traffic back within 5 s of an interrupt, leaves the stack, and goes on or back with the next command", async () => {
    for (const next of ["on", "back"]) {
      let interruptedAt = 0;
      const interruptWhen = (progress: Progress) => {
        if (!whileWatching(progress)) return false;
        interruptedAt ||= w.clock.monotonic();
        return true;
      };
      const updates = w.engine.did.length;
      const conclusion = await w.promote(bad, { interruptWhen });
      expect(conclusion.outcome).to.equal("needs-human");
      expect(conclusion.reason?.code).to.equal("stopped-midway");
      expect(conclusion.reason?.message)
        .to.contain("it was interrupted during watch")
        .and.to.contain(`all of it on ${first}, proved`)
        .and.to.contain(`its stack is partly or wholly of ${bad}`)
        .and.to.contain("Traffic now: ");
      expect(conclusion.reason?.remedy)
        .to.contain(`npm run promote -- --env trial --sha ${bad}`)
        .and.to.contain(`npm run rollback -- --env trial --to ${first}`);
      expect(w.clock.monotonic() - interruptedAt).to.be.below(5_000);
      expect(w.engine.did.slice(updates), "its own update, and none after it").to.have.length(2);
      expect(w.share(first)).to.equal(1);
      const then = next === "on" ? await w.promote(bad) : await w.rollback(first);
      expect(then.outcome, "an interruption says nothing against a release").to.equal("promoted");
      const runs = next === "on" ? bad : first;
      expect(w.share(runs)).to.equal(1);
      expect(w.engine.applied()).to.equal(runs);
      await expectInOrder(w, then);
      if (next === "on") await w.rollback(first);
      bad = await w.release("another");
    }
  });

  it("is stopped while the engine is at something slow: the next run takes its lock away and what it made in", async () => {
    w.engine.hangInNextUp();
    const inUp = (progress: Progress) => progress.type === "step-started" && progress.step === "up";
    const tell = (progress: Progress) => inUp(progress);
    const conclusion = await w.promote(bad, { interruptWhen: tell });
    expect(conclusion.outcome).to.equal("needs-human");
    expect(conclusion.reason?.code).to.equal("stopped-midway");
    const last = w.ledger.written.findLast(({ event }) => event.type === "stack-updated");
    expect(last?.event).to.include({ cutOff: true });
    const next = await w.promote(bad);
    expect(next).to.deep.include({ outcome: "promoted", reason: null });
    const types = w.ledger.written.map(({ event }) => event.type);
    expect(types).to.include("stack-unlocked").and.to.include("settled");
    await expectInOrder(w, next);
  });

  it("leaves the stack to the next run when it is told to stop while it goes back", async () => {
    w.alarms.fire("trial-dashboard-errors", () => w.share(bad) === 1);
    const goingBack = ({ type, ...rest }: Progress) =>
      type === "note" && "text" in rest && String(rest.text).startsWith("traffic back");
    const conclusion = await w.promote(bad, { interruptWhen: goingBack });
    expect(conclusion.outcome).to.equal("needs-human");
    expect(conclusion.reason?.code).to.equal("stopped-midway");
    expect(w.share(first)).to.equal(1);
    const next = await w.rollback(first);
    expect(next.outcome).to.equal("promoted");
    expect(w.engine.applied()).to.equal(first);
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
