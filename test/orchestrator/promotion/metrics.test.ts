import { expect } from "chai";
import type { Entry, LedgerEvent } from "../../../orchestrator/promotion/events.ts";
import { doraMetrics } from "../../../orchestrator/promotion/metrics.ts";
import { world } from "../../fakes/world.ts";

const HOUR = 3_600_000;
const BEGIN = Date.parse("2030-01-01T00:00:00Z");
const at = (hours: number) => new Date(BEGIN + hours * HOUR);

type End = Extract<LedgerEvent, { type: "promotion-ended" }>["outcome"];
type Told = {
  from: number;
  to: number;
  end?: End;
  kind?: "promote" | "rollback";
  committed?: number;
  failed?: number;
  restored?: number;
};

/** The entries of promotions, each with the hours at which something happened to it. */
function ledger(...promotions: Told[]): Entry[] {
  const events: { hour: number; promotionId: string; event: LedgerEvent }[] = promotions.flatMap(
    (told, n) => {
      const { from, to, end = "promoted", kind = "promote", committed, failed, restored } = told;
      const sha = String(n);
      const reason = null;
      const release = { sha, functions: {}, url: "", alarms: [], alertsTopicArn: "" };
      const list: { hour: number; event: LedgerEvent }[] = [
        {
          hour: from,
          event: { type: "promotion-started", kind, sha, previousSha: null, who: "w", why: null },
        },
      ];
      if (committed !== undefined) {
        const committedAt = at(committed).toISOString();
        list.push({ hour: from, event: { type: "release-published", release, committedAt } });
      }
      if (failed !== undefined)
        list.push({
          hour: failed,
          event: { type: "step-finished", step: "watch", outcome: "failed", ms: 1, reason },
        });
      if (restored !== undefined)
        list.push({ hour: restored, event: { type: "traffic-restored", sha, ms: 1 } });
      list.push({
        hour: to,
        event: { type: "promotion-ended", outcome: end, sha, reason, running: null, rollbackMs: null },
      });
      return list.map((each) => ({ ...each, promotionId: `promotion ${n}` }));
    },
  );
  return events.map(({ hour, ...rest }, n) => ({
    ...rest,
    sequence: n + 1,
    at: at(hour).toISOString(),
    previous: "",
    hash: "",
  }));
}

const of = (...promotions: Told[]) => doraMetrics(ledger(...promotions), at(0), at(240));

describe("the DORA metrics of an environment", () => {
  it("are nothing where nothing happened", () => {
    expect(of()).to.deep.include({
      deployments: { count: 0, perDay: 0 },
      leadTime: { medianMs: null, of: 0 },
      changeFailures: { count: 0, of: 0, rate: null },
      restore: { medianMs: null, of: 0, open: 0 },
    });
  });

  it("count what was promoted within the time, and no more", () => {
    const { deployments } = of(
      { from: -2, to: -1 },
      { from: -1, to: 1 },
      { from: 2, to: 3 },
      { from: 4, to: 5, end: "refused" },
      { from: 6, to: 7, end: "unchanged" },
      { from: 8, to: 9, end: "rolled-back", failed: 8, restored: 9 },
      { from: 240, to: 241 },
    );
    expect(deployments).to.deep.equal({ count: 2, perDay: 0.2 });
  });

  it("measure the lead time from the commit, of those whose commit's time is known", () => {
    const { leadTime } = of(
      { from: 10, to: 11, committed: 1 },
      { from: 20, to: 22, committed: 2 },
      { from: 30, to: 31 },
      { from: 40, to: 41, committed: 40, end: "rolled-back", failed: 40, restored: 41 },
    );
    expect(leadTime).to.deep.equal({ medianMs: 15 * HOUR, of: 2 });
  });

  it("call a change failed that was taken back, at once or on request, or needs a person", () => {
    const { changeFailures } = of(
      { from: 1, to: 2 },
      { from: 3, to: 4, end: "rolled-back", failed: 3, restored: 4 },
      { from: 5, to: 6, end: "needs-human", failed: 5 },
      { from: 7, to: 8 },
      { from: 9, to: 10, end: "refused" },
      { from: 11, to: 12, kind: "rollback", restored: 11 },
    );
    expect(changeFailures).to.deep.equal({ count: 3, of: 4, rate: 0.75 });
  });

  it("blame a rollback on the promotion before it only", () => {
    const { changeFailures } = of(
      { from: 1, to: 2 },
      { from: 3, to: 4 },
      { from: 5, to: 6, kind: "rollback", restored: 5 },
      { from: 7, to: 8 },
    );
    expect(changeFailures).to.include({ count: 1, of: 3 });
  });

  it("measure the time to restore from when the failure was seen to the proof of the way back", () => {
    const { restore } = of(
      { from: 1, to: 9, end: "rolled-back", failed: 2, restored: 3 },
      { from: 10, to: 20, kind: "rollback", restored: 13 },
      { from: 30, to: 40, end: "rolled-back", failed: 31, restored: 39 },
    );
    expect(restore).to.deep.equal({ medianMs: 3 * HOUR, of: 3, open: 0 });
  });

  it("measure it to the next good end where the way back was not proved, and tell what is still open", () => {
    const { restore } = of(
      { from: 1, to: 3, end: "needs-human", failed: 2 },
      { from: 4, to: 5, end: "refused" },
      { from: 6, to: 8 },
      { from: 9, to: 10, end: "needs-human", failed: 9 },
    );
    expect(restore).to.deep.equal({ medianMs: 6 * HOUR, of: 1, open: 1 });
  });

  it("ignore a promotion that has not ended", () => {
    const entries = ledger({ from: 1, to: 2 }, { from: 3, to: 4 }).slice(0, -1);
    expect(doraMetrics(entries, at(0), at(240)).deployments.count).to.equal(1);
  });

  it("are computed of what real promotions record, the commit's time included", async () => {
    const w = world();
    await w.settled();
    const bad = await w.release("bad");
    w.alarms.fire("trial-dashboard-errors", () => w.share(bad) === 1);
    await w.promote(bad);
    w.alarms.calm("trial-dashboard-errors");
    const to = w.clock.now();
    const metrics = doraMetrics(await w.ledger.entries(), new Date(to.getTime() - 24 * HOUR), to);
    expect(metrics.deployments).to.deep.equal({ count: 1, perDay: 1 });
    expect(metrics.changeFailures).to.include({ count: 1, of: 2 });
    expect(metrics.leadTime.of).to.equal(1);
    expect(metrics.leadTime.medianMs).to.be.within(11 * HOUR, 13 * HOUR);
    expect(metrics.restore).to.include({ of: 1, open: 0 });
    expect(metrics.restore.medianMs).to.be.within(0, 5_000);
  });
});
