import { expect } from "chai";
import { table } from "../../../orchestrator/cli/history.ts";
import { hold, releaseHold } from "../../../orchestrator/promotion/holding.ts";
import { breakLease } from "../../../orchestrator/promotion/lease.ts";
import { type World, world } from "../../fakes/world.ts";

const COLLEAGUE = { who: "a colleague", host: "a laptop", run: "process 7", promotionId: "another" };

describe("the history, as a table", () => {
  let w: World;
  let first: string;

  beforeEach(async () => {
    w = world();
    first = await w.settled();
  });

  /** The rows as a person reads them, without the lines of the table; cells that were wrapped are one again. */
  const rows = () =>
    table(w.ledger.written)
      .split(/^[├┌└].*$/m)
      .map((row) => {
        const lines = row
          .trim()
          .split("\n")
          .map((line) => line.split("│").slice(1, -1));
        return (
          lines[0]?.map((_, cell) =>
            lines
              .map((line) => line[cell]?.trim())
              .filter(Boolean)
              .join(" "),
          ) ?? []
        );
      })
      .filter((cells) => cells.length > 0)
      .slice(1);

  it("has a row for each promotion that ended, newest first", async () => {
    const second = await w.release("second");
    w.alarms.fire("trial-dashboard-errors");
    await w.promote(second);
    expect(rows().map(([, , sha, outcome]) => [sha, outcome])).to.deep.equal([
      [second.slice(0, 7), "refused"],
      [first.slice(0, 7), "promoted"],
    ]);
    expect(rows()[0]?.[5]).to.equal("alarms-firing");
  });

  it("shows what was overruled for a promotion, and why", async () => {
    await hold(w.compose({}).p, { sha: null, because: "the audit", until: null });
    await w.promote(await w.release("second"), { order: { overrides: ["hold"], why: "it knows" } });
    expect(rows()[0]?.[5]).to.equal("overruled hold: it knows");
  });

  it("shows holds with who, why and until when, and their ends", async () => {
    await hold(w.compose({}).p, { sha: first, because: "evidence", until: new Date("2030-02-01T00:00:00Z") });
    await hold(w.compose({}).p, { sha: null, because: "the audit", until: null });
    await releaseHold(w.compose({}).p, { sha: null, because: "it is over" });
    expect(
      rows()
        .map(([, , sha, what, , why]) => [sha, what, why])
        .slice(0, 3),
    ).to.deep.equal([
      ["", "hold-released", "it is over (somebody)"],
      ["", "held", "the audit (somebody)"],
      [first.slice(0, 7), "held", "evidence (somebody until 2030-02-01T00:00:00.000Z)"],
    ]);
  });

  it("shows a lease that was broken, and why", async () => {
    await w.ledger.acquire(COLLEAGUE, 60_000);
    const by = { ...COLLEAGUE, who: "the one on call", promotionId: "one more" };
    await breakLease(w.ledger, by, 60_000, "the laptop was lost");
    expect(rows()[0]?.slice(3)).to.deep.equal(["lease-broken", "", "the laptop was lost (the one on call)"]);
  });

  it("says so where there is nothing", () => {
    expect(table([])).to.equal("no promotion yet\n");
  });
});
