import { expect } from "chai";
import { GENESIS, hashOf } from "../../orchestrator/promotion/events.ts";
import { ACTS } from "../../rehearsal/story/acts.ts";
import { renderReport } from "../../rehearsal/story/report.ts";
import type { Scene, Story } from "../../rehearsal/story/story.ts";
import { PHONE, showing } from "./report-page.ts";

const ATTACK = `<script>document.title = "run"</script><img src=x onerror="document.title='run'">"'&`;

describe("the report of a rehearsal, in a browser", function () {
  this.timeout(60_000);
  const shown = showing(() =>
    renderReport(madeUpStory(), { at: "2031-05-06T12:00:00.000Z", tookMs: 180_000 }),
  );

  it("asks for nothing but itself and complains of nothing", () => {
    expect(shown.requests).to.have.length(1);
    expect(shown.requests[0]).to.match(/^file:.*report\.html$/);
    expect(shown.complaints).to.deep.equal([]);
  });

  it("shows what was said, and never runs it", async () => {
    await shown.page.locator("summary").first().click();
    const text = await shown.page.locator("body").innerText();
    expect(text.split(ATTACK).length - 1, "in an act, in a reason, in an objection").to.be.at.least(3);
    expect(text, "in a ledger, as JSON").to.contain(JSON.stringify(ATTACK).slice(1, -1));
    expect(await shown.page.locator("script, img").count()).to.equal(0);
    expect(await shown.page.title()).to.contain("Rehearsal of");
  });

  it("fits a phone without scrolling sideways", async () => {
    await shown.page.locator("summary").first().click();
    const width = await shown.page.evaluate("document.documentElement.scrollWidth");
    expect(width).to.equal(PHONE.width);
  });

  it("tells how every act ended in words, not by a colour alone", async () => {
    const outcomes = await shown.page.locator(".acts .outcome").allInnerTexts();
    expect(outcomes).to.deep.equal(ACTS.map(({ expected }) => expected));
    expect(await shown.page.getByText("Not as expected").count()).to.equal(1);
  });

  it("prints", async () => {
    await shown.page.emulateMedia({ media: "print" });
    const pdf = await shown.page.pdf({ format: "A4" });
    expect(pdf.subarray(0, 5).toString()).to.equal("%PDF-");
    expect(pdf.byteLength).to.be.greaterThan(10_000);
  });
});

function madeUpStory(): Story {
  const scenes = ACTS.map((act, index): Scene => {
    const bad = act.expected === "rolled-back";
    return {
      env: "north",
      release: act.release,
      sha: String(index).repeat(40),
      outcome: act.expected,
      ms: 30_000 + index,
      act: index === 0 ? { ...act, tells: ATTACK } : act,
      steps: ["lease", "up", "watch", "finish"].map((name) => ({
        name,
        outcome: bad ? "failed" : "passed",
        ms: 5_000,
      })),
      reason: bad ? { code: "unhealthy", message: ATTACK } : null,
      visitors: act.visitors ? { answered: 40, failed: 2 } : null,
      objections: index === 2 ? [ATTACK] : [],
    };
  });
  const unsealed = {
    sequence: 1,
    promotionId: "20310506T120000-abcdef",
    at: "2031-05-06T12:00:00.000Z",
    event: { type: "quarantined" as const, sha: "a".repeat(40), because: ATTACK },
    previous: GENESIS,
  };
  const entry = { ...unsealed, hash: hashOf(unsealed) };
  return {
    scenes,
    rollbackMs: 400,
    memory: { orchestrator: 200, provider: 700, emulator: 150, emulatorAtEnd: 100 },
    ledgers: { north: [entry], south: [entry] },
  };
}
