import { expect } from "chai";
import { problem } from "../../../orchestrator/problems.ts";
import { failed, passed, type StepResult } from "../../../orchestrator/promotion/outcome.ts";
import type { Promotion } from "../../../orchestrator/promotion/promotion.ts";
import { run } from "../../../orchestrator/promotion/run.ts";
import type { Course, Step } from "../../../orchestrator/promotion/step.ts";
import { lease } from "../../../orchestrator/steps/lease.ts";
import { expectInOrder } from "../../fakes/invariants.ts";
import { type Doing, type World, world } from "../../fakes/world.ts";

const reason = { code: "some-code", message: "it is bad", remedy: "mend it" };

describe("the loop that runs a course", () => {
  let w: World;
  let ran: string[];

  beforeEach(() => {
    w = world();
    ran = [];
  });

  type Does = (p: Promotion) => StepResult | Promise<StepResult>;
  const step = (name: string, onFailure: Step["onFailure"], does: Does = () => passed()): Step => ({
    name,
    onFailure,
    async run(p) {
      ran.push(name);
      return does(p);
    },
  });
  const takeBack = step("way-back", "ask");
  const course = (...steps: Step[]): Course => ({ steps: [lease, ...steps], takeBack });
  const compose = (doing?: Doing) => w.promoting("ab".repeat(20), doing).p;
  const types = async () => (await w.ledger.entries()).map(({ event }) => event.type);

  it("runs the steps in order and calls it promoted", async () => {
    const conclusion = await run(compose(), course(step("one", "refuse"), step("two", "ask")));
    expect(conclusion).to.deep.include({ outcome: "promoted", reason: null });
    expect(conclusion.steps.map(({ name }) => name)).to.deep.equal(["lease", "one", "two"]);
    expect(ran).to.deep.equal(["one", "two"]);
    await expectInOrder(w, conclusion);
  });

  it("records that a step begins before it runs, and how it ended after", async () => {
    const seen: string[][] = [];
    const look = step("one", "refuse", async () => {
      seen.push(await types());
      return passed();
    });
    await run(compose(), course(look));
    expect(seen[0]?.at(-1)).to.equal("step-started");
    expect((await types()).slice(-2)).to.deep.equal(["step-finished", "promotion-ended"]);
  });

  it("goes on after a step that was skipped, and says so", async () => {
    const skipping = step("one", "refuse", () => ({ outcome: "skipped", note: "not wanted here" }));
    const conclusion = await run(compose(), course(skipping, step("two", "ask")));
    expect(conclusion.outcome).to.equal("promoted");
    expect(conclusion.steps[1]).to.include({ name: "one", outcome: "skipped" });
    expect(w.told).to.deep.include({
      type: "step-finished",
      step: "one",
      outcome: "skipped",
      ms: 0,
      text: "not wanted here",
    });
  });

  it("ends early, without a reason, when a step finds that nothing is to be done", async () => {
    const quiet = step("one", "refuse", () => ({ outcome: "unchanged", note: "it runs already" }));
    const conclusion = await run(compose(), course(quiet, step("two", "ask")));
    expect(conclusion).to.deep.include({ outcome: "unchanged", reason: null });
    expect(ran).to.deep.equal(["one"]);
    await expectInOrder(w, conclusion);
  });

  type Case = { onFailure: Step["onFailure"]; outcome: string; ran: string[] };
  const cases: Case[] = [
    { onFailure: "refuse", outcome: "refused", ran: ["one"] },
    { onFailure: "ask", outcome: "needs-human", ran: ["one"] },
    { onFailure: "take-back", outcome: "rolled-back", ran: ["one", "way-back"] },
  ];
  for (const { onFailure, outcome, ran: expected } of cases)
    for (const how of ["answers that it failed", "throws"])
      it(`ends ${outcome} when a step ${how} and its failure means ${onFailure}`, async () => {
        const bad = step("one", onFailure, () => {
          if (how === "throws") throw new Error("it is bad");
          return failed(reason);
        });
        const conclusion = await run(compose(), course(bad, step("two", "ask")));
        expect(conclusion.outcome).to.equal(outcome);
        const where = outcome === "needs-human" ? ". Traffic now: none, for nothing was published" : "";
        expect(conclusion.reason?.message).to.equal(`it is bad${where}`);
        expect(conclusion.reason?.code).to.equal(how === "throws" ? "unforeseen" : "some-code");
        expect(ran).to.deep.equal(expected);
        await expectInOrder(w, conclusion);
      });

  it("keeps the code and the remedy of a problem that is thrown", async () => {
    const thrown = problem("plan-stale", { environment: "trial" });
    const bad = step("one", "refuse", () => Promise.reject(thrown));
    const conclusion = await run(compose(), course(bad));
    expect(conclusion.reason).to.deep.equal({
      code: "plan-stale",
      message: thrown.message,
      remedy: thrown.remedy,
    });
  });

  it("asks a person, and tells both reasons, when the way back fails too", async () => {
    const way = step("way-back", "ask", () => failed({ ...reason, message: "no way back", code: "stuck" }));
    const bad = step("one", "take-back", () => failed(reason));
    const conclusion = await run(compose(), { steps: [lease, bad], takeBack: way });
    expect(conclusion.outcome).to.equal("needs-human");
    expect(conclusion.reason?.code).to.equal("stuck");
    expect(conclusion.reason?.message).to.contain("it is bad").and.to.contain("no way back");
    await expectInOrder(w, conclusion);
  });

  it("asks a person when the course has no way back", async () => {
    const bad = step("one", "take-back", () => failed(reason));
    const conclusion = await run(compose(), { steps: [lease, bad] });
    expect(conclusion.outcome).to.equal("needs-human");
  });

  it("tells the way back why it is needed, and gives it a signal of its own", async () => {
    let told: Pick<Promotion, "failure" | "signal"> | undefined;
    const way = step("way-back", "ask", ({ failure, signal }) => {
      told = { failure, signal };
      return passed();
    });
    const bad = step("one", "take-back", (p) => {
      p.stop(new Error("SIGINT"));
      return failed(reason);
    });
    await run(compose(), { steps: [lease, bad], takeBack: way });
    expect(told?.failure).to.deep.equal({ step: "one", code: "some-code", message: "it is bad" });
    expect(told?.signal.aborted).to.equal(false);
  });

  describe("when it is interrupted", () => {
    it("changes nothing if nothing has begun", async () => {
      const { p, stopping } = w.promoting("ab".repeat(20));
      stopping.abort(new Error("SIGINT"));
      const conclusion = await run(p, course(step("one", "refuse")));
      expect(conclusion).to.deep.include({ outcome: "refused", steps: [] });
      expect(conclusion.reason?.code).to.equal("interrupted");
      expect(w.ledger.written).to.deep.equal([]);
      expect(await w.ledger.held()).to.equal(undefined);
    });

    const stopping = (name: string, onFailure: Step["onFailure"]) =>
      step(name, onFailure, (p) => {
        p.stop(new Error("SIGINT"));
        return passed();
      });

    it("refuses before the first step that changes anything, without running it", async () => {
      const conclusion = await run(compose(), course(stopping("one", "refuse"), step("two", "take-back")));
      expect(conclusion.outcome).to.equal("refused");
      expect(conclusion.reason?.code).to.equal("interrupted");
      expect(ran).to.deep.equal(["one"]);
    });

    it("is taken back between two steps that change something, without running the second", async () => {
      const conclusion = await run(compose(), course(stopping("one", "take-back"), step("two", "take-back")));
      expect(conclusion.outcome).to.equal("rolled-back");
      expect(conclusion.reason?.code).to.equal("interrupted");
      expect(conclusion.reason?.message).to.contain("two");
      expect(ran).to.deep.equal(["one", "way-back"]);
    });

    it("runs a step all the same that only a person could judge if it were left out", async () => {
      const conclusion = await run(compose(), course(stopping("one", "take-back"), step("two", "ask")));
      expect(conclusion.outcome).to.equal("promoted");
      expect(ran).to.deep.equal(["one", "two"]);
    });

    it("says that it was interrupted, whatever the step threw for it", async () => {
      const sleeping = step("one", "refuse", async (p) => {
        w.clock.after(1_000, () => p.stop(new Error("SIGINT")));
        await p.ports.clock.sleep(60_000, p.signal);
        return passed();
      });
      const conclusion = await run(compose(), course(sleeping));
      expect(conclusion.outcome).to.equal("refused");
      expect(conclusion.reason?.code).to.equal("interrupted");
      expect(conclusion.steps.at(-1)).to.include({ name: "one", outcome: "failed", ms: 1_000 });
      await expectInOrder(w, conclusion);
    });

    it("says why, where it was stopped from inside", async () => {
      const lost = problem("lease-lost", { environment: "trial" });
      const stopped = step("one", "refuse", (p) => {
        p.stop(lost);
        p.signal.throwIfAborted();
        return passed();
      });
      expect((await run(compose(), course(stopped))).reason?.code).to.equal("lease-lost");
    });
  });

  describe("when the ledger fails", () => {
    const failing = (nth: number, method = "append"): Doing => {
      let count = 0;
      return {
        befalls: (call) =>
          call.port === "ledger" && call.method === method && ++count === nth ? "fails" : undefined,
      };
    };
    const BEGUN = 1;
    const LEASE_FINISHED = 2;
    const STEP_STARTED = 3;
    const STEP_FINISHED = 4;
    const ENDED = 5;

    it("gives no end to a promotion that could not be begun", async () => {
      const conclusion = await run(compose(failing(BEGUN)), course(step("one", "refuse")));
      expect(conclusion.outcome).to.equal("refused");
      expect(await types()).to.deep.equal(["step-finished"]);
      expect(await w.ledger.held()).to.equal(undefined);
    });

    it("refuses when the lease's step could not be recorded", async () => {
      const conclusion = await run(compose(failing(LEASE_FINISHED)), course(step("one", "refuse")));
      expect(conclusion.outcome).to.equal("refused");
      await expectInOrder(w, conclusion);
    });

    it("does not run a step whose beginning could not be recorded", async () => {
      const conclusion = await run(compose(failing(STEP_STARTED)), course(step("one", "take-back")));
      expect(conclusion.outcome).to.equal("rolled-back");
      expect(ran).to.deep.equal(["way-back"]);
    });

    it("counts a step as failed whose end could not be recorded", async () => {
      const conclusion = await run(compose(failing(STEP_FINISHED)), course(step("one", "take-back")));
      expect(conclusion.outcome).to.equal("rolled-back");
      expect(ran).to.deep.equal(["one", "way-back"]);
    });

    it("does not call it done when the end could not be recorded, and frees the lease all the same", async () => {
      const conclusion = await run(compose(failing(ENDED)), course(step("one", "refuse")));
      expect(conclusion.outcome).to.equal("needs-human");
      expect(conclusion.reason?.code).to.equal("not-recorded");
      expect(conclusion.reason?.message).to.contain("promoted");
      expect(await w.ledger.held()).to.equal(undefined);
    });

    it("keeps the reason why it needs a person when that could not be recorded either", async () => {
      const bad = step("one", "ask", () => failed(reason));
      const conclusion = await run(compose(failing(ENDED)), course(bad));
      expect(conclusion.outcome).to.equal("needs-human");
      expect(conclusion.reason).to.include({ code: reason.code, remedy: reason.remedy });
      expect(conclusion.reason?.message).to.match(/^it is bad\. Traffic now: /);
    });

    it("calls nobody for a refusal that could not be recorded: nothing was changed", async () => {
      await w.settled();
      const told = w.notifier.sent.length;
      const bad = step("one", "refuse", () => failed(reason));
      const conclusion = await run(compose(failing(ENDED)), course(bad));
      expect(conclusion).to.deep.include({ outcome: "refused" });
      expect((await types()).at(-1)).to.equal("step-finished");
      expect(w.notifier.sent).to.have.length(told);
    });

    it("stays with what was recorded when only the lease could not be given back", async () => {
      const conclusion = await run(compose(failing(1, "release")), course(step("one", "refuse")));
      expect(conclusion.outcome).to.equal("promoted");
      expect(w.ledger.written.at(-1)?.event).to.include({ type: "promotion-ended", outcome: "promoted" });
    });
  });

  it("does not beat any more when it is over", async () => {
    const { p, process } = w.promoting("ab".repeat(20));
    await run(p, course(step("one", "refuse")));
    const calls = process.calls.length;
    await w.clock.sleep(10 * 60_000);
    expect(process.calls.length).to.equal(calls);
  });

  it("does not care for a listener that breaks", async () => {
    const tell = () => {
      throw new Error("EPIPE");
    };
    const conclusion = await run(compose({ tell }), course(step("one", "refuse")));
    expect(conclusion.outcome).to.equal("promoted");
    await expectInOrder(w, conclusion);
  });

  it("tells of everything in order", async () => {
    await run(compose(), course(step("one", "refuse")));
    expect(w.told.map(({ type }) => type)).to.deep.equal([
      "started",
      "step-started",
      "step-finished",
      "step-started",
      "step-finished",
      "ended",
    ]);
    expect(w.told[0]).to.deep.include({ environment: "trial", steps: ["lease", "one"] });
  });
});
