import { expect } from "chai";
import { FREEZE } from "../../../orchestrator/promotion/freezes.ts";
import { hold } from "../../../orchestrator/promotion/holding.ts";
import { GUARD_NAMES, GUARDS, type Guard } from "../../../orchestrator/promotion/overrides.ts";
import { manifestKey } from "../../../orchestrator/release/manifest.ts";
import { expectInOrder } from "../../fakes/invariants.ts";
import { type World, world } from "../../fakes/world.ts";

const ALARM = "trial-dashboard-errors";
/** The world's clock begins on 2030-01-01, a Tuesday. */
const ALWAYS = FREEZE.parse({
  name: "new year",
  from: "2029-12-01 00:00",
  to: "2030-02-01 00:00",
  zone: "UTC",
});

describe("a guard that is overruled", () => {
  let w: World;
  let first: string;
  let second: string;
  let config: { freezes?: (typeof ALWAYS)[] };

  beforeEach(async () => {
    config = {};
    w = world();
    first = await w.settled();
    second = await w.release("second");
  });

  /** Puts each guard in the way of the second release. */
  const inTheWay: Record<Guard, () => Promise<void> | void> = {
    async quarantine() {
      w.validation.find({ failed: 1, failures: ["a flaky test"] });
      await w.promote(second);
      w.validation.find({ failed: 0, failures: [] });
    },
    alarms() {
      w.alarms.fire(ALARM);
      w.clock.after(40_000, () => w.alarms.calm(ALARM));
    },
    hold: () => hold(w.compose({}).p, { sha: null, because: "the audit", until: null }),
    freeze() {
      config.freezes = [ALWAYS];
    },
    "rollback-target": () => void w.store.objects.delete(manifestKey(first)),
  };
  const overridden = () =>
    w.ledger.written.flatMap(({ event }) => (event.type === "overridden" ? [event] : []));

  for (const guard of GUARD_NAMES) {
    it(`refuses without an override, and its remedy names the one to use: ${guard}`, async () => {
      await inTheWay[guard]();
      const conclusion = await w.promote(second, { config });
      expect(conclusion.reason?.code).to.equal(GUARDS[guard]);
      expect(conclusion.reason?.remedy).to.contain(`--override ${guard} --reason "…"`);
      expect(overridden()).to.deep.equal([]);
      expect(w.share(first)).to.equal(1);
    });

    it(`lets the release pass, and is recorded with what it would have said, and why and who: ${guard}`, async () => {
      await inTheWay[guard]();
      const refusal = await w.promote(second, { config });
      const order = { overrides: [guard], why: "we know what we do" };
      const conclusion = await w.promote(second, { config, order });
      expect(conclusion.outcome, conclusion.reason?.message).to.equal("promoted");
      expect(overridden()).to.deep.equal([
        {
          type: "overridden",
          guard,
          because: refusal.reason?.message,
          reason: "we know what we do",
          who: "somebody",
        },
      ]);
      await expectInOrder(w, conclusion);
    });
  }

  it("is not recorded where it was not in the way", async () => {
    const order = { overrides: GUARD_NAMES, why: "to be safe" };
    expect((await w.promote(second, { order })).outcome).to.equal("promoted");
    expect(overridden()).to.deep.equal([]);
  });

  it("is not recorded where another guard refuses anyway", async () => {
    config.freezes = [ALWAYS];
    await inTheWay.hold();
    const order = { overrides: ["freeze" as const], why: "we know what we do" };
    const conclusion = await w.promote(second, { config, order });
    expect(conclusion.reason?.code).to.equal("held");
    expect(overridden()).to.deep.equal([]);
  });

  it("lets nobody deploy what nobody attested", async () => {
    const requires = [{ attestation: "earlier-validated", publicKey: w.signer.publicKey }];
    const order = { overrides: GUARD_NAMES, why: "we know what we do" };
    const conclusion = await w.promote(second, { config: { requires }, order });
    expect(conclusion.reason?.code).to.equal("attestation-missing");
    expect(w.share(first)).to.equal(1);
  });

  it("lifts a quarantine for good once the release was promoted", async () => {
    await inTheWay.quarantine();
    const order = { overrides: ["quarantine" as const], why: "the test was flaky" };
    await w.promote(second, { order });
    await w.promote(await w.release("third"));
    expect((await w.promote(second)).outcome).to.equal("promoted");
  });

  describe("because of alarms that fire already", () => {
    const cure = { order: { overrides: ["alarms" as const], why: "this is the cure" } };

    it("does not take the cure back for what fires until the cure works", async () => {
      w.alarms.fire(ALARM);
      w.clock.after(70_000, () => w.alarms.calm(ALARM));
      expect((await w.promote(second, cure)).outcome).to.equal("promoted");
      expect(w.share(second)).to.equal(1);
    });

    it("takes back a cure that has not worked by the end of the bake, without a quarantine", async () => {
      w.alarms.fire(ALARM);
      const conclusion = await w.promote(second, cure);
      expect(conclusion.outcome).to.equal("rolled-back");
      expect(conclusion.reason?.code).to.equal("inconclusive");
      expect(conclusion.reason?.message).to.contain(`${ALARM} fired before the promotion`);
      expect(w.share(first)).to.equal(1);
      w.alarms.calm(ALARM);
      expect((await w.promote(second)).outcome, "it may be tried again").to.equal("promoted");
    });

    it("takes the cure back for another alarm at once", async () => {
      w.alarms.fire(ALARM);
      w.alarms.fire("trial-ingestion-errors", () => (w.share(second) ?? 0) > 0);
      const conclusion = await w.promote(second, cure);
      expect(conclusion.reason?.code).to.equal("unhealthy");
      expect(conclusion.reason?.message).to.contain("trial-ingestion-errors").and.not.to.contain(ALARM);
      expect(conclusion.steps.at(-2)).to.include({ name: "shift" });
    });

    it("takes the cure back when the alarm was well and fires again", async () => {
      w.alarms.fire(ALARM);
      w.clock.after(60_000, () => w.alarms.calm(ALARM));
      w.clock.after(80_000, () => w.alarms.fire(ALARM));
      const conclusion = await w.promote(second, cure);
      expect(conclusion.reason?.code).to.equal("unhealthy");
      expect(conclusion.reason?.message).to.contain(`${ALARM} is in ALARM`);
    });

    it("wants an alarm well at the end that only ran out of data", async () => {
      w.alarms.fire(ALARM);
      w.clock.after(60_000, () => {
        w.alarms.calm(ALARM);
        w.alarms.set(ALARM, { state: "INSUFFICIENT_DATA" });
      });
      expect((await w.promote(second, cure)).reason?.code).to.equal("inconclusive");
    });
  });
});

describe("the cure of a first release that failed", () => {
  it("gets into the environment, which has nothing to go back to", async () => {
    const w = world();
    const bad = await w.release("bad");
    const cured = await w.release("cured");
    w.alarms.fire(ALARM, () => w.share(cured) !== 1);
    const order = { overrides: ["alarms" as const], why: "a first try" };
    expect((await w.promote(bad)).outcome, "refused, as it fires before there is anything").to.equal(
      "refused",
    );
    expect((await w.promote(bad, { order })).outcome).to.equal("needs-human");
    expect((await w.promote(cured)).reason?.code).to.equal("alarms-firing");
    expect((await w.promote(cured, { order })).outcome).to.equal("promoted");
    expect(w.share(cured)).to.equal(1);
  });
});
