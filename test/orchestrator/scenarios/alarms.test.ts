import { expect } from "chai";
import { quarantine } from "../../../orchestrator/promotion/history.ts";
import type { Progress, Tell } from "../../../orchestrator/promotion/progress.ts";
import { expectInOrder } from "../../fakes/invariants.ts";
import { type World, world } from "../../fakes/world.ts";

const ALARM = "trial-dashboard-errors";
const MINUTE = 60_000;

describe("a promotion, by what its alarms do", () => {
  let w: World;
  let first: string;
  let sha: string;

  beforeEach(async () => {
    w = world({ bake: 5 * MINUTE });
    first = await w.settled();
    sha = await w.release("second");
  });

  const inBake = (act: () => void) => (progress: Progress) => {
    if (progress.type === "step-started" && progress.step === "watch") w.clock.after(MINUTE, act);
  };
  const during = (from: number, to: number) => {
    let began = Number.POSITIVE_INFINITY;
    w.alarms.failWhile(() => {
      const since = w.clock.monotonic() - began;
      return since >= from && since < to;
    });
    return inBake(() => {
      began = w.clock.monotonic();
    });
  };
  const more = (change: (n: number) => "OK" | "ALARM") => {
    for (let n = 0; n < 500; n++) w.alarms.set(`trial-more-${n}`, { state: change(n) });
  };

  type Case = {
    when: string;
    /** Puts the trouble there, or gives who listens until it is time to. */
    trouble: () => unknown;
    ends: string;
    quarantined?: boolean;
  };
  const cases: Case[] = [
    { when: "one fires at the start", trouble: () => w.alarms.fire(ALARM), ends: "refused alarms-firing" },
    {
      when: "one fires in the bake",
      trouble: () => inBake(() => w.alarms.fire(ALARM)),
      ends: "rolled-back unhealthy",
      quarantined: true,
    },
    {
      when: "one has no data",
      trouble: () => w.alarms.set(ALARM, { state: "INSUFFICIENT_DATA" }),
      ends: "rolled-back inconclusive",
    },
    {
      when: "one is deleted in the bake",
      trouble: () => inBake(() => w.alarms.remove(ALARM)),
      ends: "rolled-back inconclusive",
    },
    {
      when: "one is renamed in the bake",
      trouble: () =>
        inBake(() => {
          w.alarms.remove(ALARM);
          w.alarms.set(`${ALARM}-renamed`);
        }),
      ends: "rolled-back inconclusive",
    },
    {
      when: "one is renamed and fires under its new name",
      trouble: () =>
        inBake(() => {
          w.alarms.remove(ALARM);
          w.alarms.set(`${ALARM}-renamed`, { state: "ALARM" });
        }),
      ends: "rolled-back unhealthy",
      quarantined: true,
    },
    { when: "500 more are all well", trouble: () => more(() => "OK"), ends: "promoted -" },
    {
      when: "the last of 500 more fires in the bake",
      trouble: () => {
        more(() => "OK");
        return inBake(() => more((n) => (n === 499 ? "ALARM" : "OK")));
      },
      ends: "rolled-back unhealthy",
      quarantined: true,
    },
    {
      when: "reading them is throttled for two minutes of the bake",
      trouble: () => during(0, 2 * MINUTE),
      ends: "promoted -",
    },
    {
      when: "reading them is throttled to its end and beyond",
      trouble: () => during(0, 20 * MINUTE),
      ends: "rolled-back inconclusive",
    },
  ];
  for (const { when, trouble, ends, quarantined = false } of cases)
    it(`ends as ${ends} when ${when}`, async () => {
      const tell = trouble();
      const conclusion = await w.promote(sha, typeof tell === "function" ? { tell: tell as Tell } : {});
      expect(`${conclusion.outcome} ${conclusion.reason?.code ?? "-"}`).to.equal(ends);
      expect(w.share(first)).to.equal(ends === "promoted -" ? 0 : 1);
      expect(quarantine(w.ledger.written, sha) !== undefined).to.equal(quarantined);
      w.alarms.calm(ALARM);
      await expectInOrder(w, conclusion);
    });
});
