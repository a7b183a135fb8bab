import { expect } from "chai";
import type { Minute } from "../../../orchestrator/ports/metrics.ts";
import { quarantine } from "../../../orchestrator/promotion/history.ts";
import { type Measured, measuredAilment } from "../../../orchestrator/promotion/measured.ts";
import { expectInOrder } from "../../fakes/invariants.ts";
import { type World, world } from "../../fakes/world.ts";
import { dice } from "../simulation/dice.ts";

const QUESTION = { harmless: 0.01, harmful: 0.05 };

type Count = [invocations: number, errors: number, ms?: number];

/** Minutes as they were counted, one after the other; undefined where a version had none. */
function measured(...minutes: { now?: Count; before?: Count }[]): Measured {
  const side = (which: "now" | "before") =>
    minutes.flatMap((minute, index): Minute[] => {
      const [invocations, errors, ms = 10] = minute[which] ?? [0, 0];
      if (!minute[which]) return [];
      return [{ at: new Date(index * 60_000).toISOString(), invocations, errors, ms }];
    });
  const both = { now: side("now"), before: side("before") };
  return { functions: new Map([["dashboard", both]]), readAt: 0 };
}

describe("what the platform counted of two versions", () => {
  const against: [what: string, measured: Measured, says: RegExp | undefined][] = [
    ["nothing", { functions: new Map(), readAt: 0 }, undefined],
    ["executions without an error", measured({ now: [100, 0], before: [900, 0] }), undefined],
    [
      "errors of the new version alone",
      measured({ now: [100, 10], before: [900, 0] }),
      /10 of 100 executions of the new dashboard failed, beside 0 of 900 of the old/,
    ],
    ["few of them", measured({ now: [100, 4], before: [900, 0] }), undefined],
    [
      "as large a share of errors in the old version",
      measured({ now: [100, 30], before: [900, 270] }),
      undefined,
    ],
    ["errors while the old version had no requests", measured({ now: [100, 50] }), undefined],
    [
      "errors in other minutes than those of the old version",
      measured({ now: [100, 50] }, { before: [900, 0] }),
      undefined,
    ],
    [
      "a share of errors that does no harm",
      measured({ now: [100_000, 50], before: [900_000, 9] }),
      undefined,
    ],
    [
      "errors that only all minutes together make certain",
      measured(...Array.from({ length: 3 }, () => ({ now: [50, 3] as Count, before: [450, 0] as Count }))),
      /9 of 150 .* 0 of 1350/,
    ],
    [
      "eight minutes of thrice the time",
      measured(
        ...Array.from({ length: 8 }, () => ({ now: [10, 0, 300] as Count, before: [90, 0, 100] as Count })),
      ),
      /more than twice as long as the old in 8 of 8 minutes/,
    ],
    [
      "thrice the time of so few executions that they may all be cold starts",
      measured(
        ...Array.from({ length: 9 }, () => ({ now: [9, 0, 300] as Count, before: [90, 0, 100] as Count })),
      ),
      undefined,
    ],
    ["one such minute", measured({ now: [10, 0, 300], before: [90, 0, 100] }), undefined],
  ];
  for (const [what, counted, says] of against)
    it(`${says ? "speaks" : "does not speak"} against a release: ${what}`, () => {
      const said = measuredAilment(counted, QUESTION);
      if (says) expect(said).to.match(says);
      else expect(said).to.equal(undefined);
    });

  /** Minutes of a canary at a tenth, looked at after each of them. */
  function isAccused(seed: number, shares: { now: number; before: number }): boolean {
    const chance = dice(seed);
    const fails = (count: number, share: number) =>
      Array.from({ length: count }).filter(() => chance.chance(share)).length;
    const minutes: { now: Count; before: Count }[] = [];
    for (let minute = 0; minute < 10; minute++) {
      minutes.push({ now: [40, fails(40, shares.now)], before: [360, fails(360, shares.before)] });
      if (measuredAilment(measured(...minutes), QUESTION)) return true;
    }
    return false;
  }
  const accused = (of: number, shares: { now: number; before: number }) =>
    Array.from({ length: of }, (_, seed) => isAccused(seed + 1, shares)).filter(Boolean).length;

  it("calls one of 400 good releases bad at most, whatever share of errors both versions have", () => {
    for (const share of [0.001, 0.03, 0.2])
      expect(accused(400, { now: share, before: share }), `${share}`).to.be.at.most(1);
  });

  it("finds 99 of 100 releases that fail ten times as often as before", () => {
    expect(accused(100, { now: 0.1, before: 0.01 })).to.be.at.least(99);
  });
});

describe("a promotion and what the platform counts", () => {
  let w: World;
  let first: string;
  let sha: string;

  beforeEach(async () => {
    w = world({
      strategy: [
        { percent: 10, holdMs: 120_000 },
        { percent: 100, holdMs: 0 },
      ],
    });
    first = await w.settled();
    sha = await w.release("second");
  });

  const judgements = () =>
    w.ledger.written.flatMap(({ event, promotionId }) =>
      event.type === "judged" && promotionId === "promotion-2" ? [event] : [],
    );

  /** Users come for as long as the traffic is shared; the counts of a minute are there a minute later. */
  function users(errors: number): void {
    for (const after of [70_000, 130_000])
      w.clock.after(after, () => {
        const minute = new Date(w.clock.now().getTime() - 60_000);
        w.metrics.count("trial-ingestion", "1", minute, { invocations: 900 });
        w.metrics.count("trial-ingestion", "2", minute, { invocations: 100, errors });
      });
  }

  it("is taken back when executions of the new version fail that nobody probes", async () => {
    users(20);
    const conclusion = await w.promote(sha);
    expect(conclusion.outcome).to.equal("rolled-back");
    expect(conclusion.reason?.code).to.equal("unhealthy");
    expect(conclusion.reason?.message).to.contain("20 of 100 executions of the new ingestion failed");
    expect(quarantine(w.ledger.written, sha)).to.contain("executions of the new ingestion");
    expect(judgements().at(-1)).to.deep.include({ step: "shift", verdict: "ill" });
    await expectInOrder(w, conclusion);
  });

  it("uses in the bake what comes too late for the shift, and records what was counted", async () => {
    users(0);
    const conclusion = await w.promote(sha);
    expect(conclusion.outcome).to.equal("promoted");
    const [, , watch] = judgements();
    const counted = { now: { invocations: 200, errors: 0 }, before: { invocations: 1800, errors: 0 } };
    expect(watch).to.deep.include({ step: "watch", measured: { ingestion: counted } });
  });

  it("takes no data for no data: neither a pass nor a failure", async () => {
    const conclusion = await w.promote(sha);
    expect(conclusion.outcome).to.equal("promoted");
    expect(judgements().every((each) => !("measured" in each))).to.equal(true);
    expect(w.metrics.reads, "it did ask, and not at every look").to.be.within(10, 40);
  });

  it("does not mind that it may not read them, or is throttled", async () => {
    w.metrics.fail();
    expect((await w.promote(sha)).outcome).to.equal("promoted");
    expect(w.share(first)).to.equal(0);
  });
});
