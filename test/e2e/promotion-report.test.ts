import { expect } from "chai";
import { hold } from "../../orchestrator/promotion/holding.ts";
import { renderPromotion } from "../../orchestrator/report/promotion.ts";
import { storyOf } from "../../orchestrator/report/story.ts";
import { world } from "../fakes/world.ts";
import { PHONE, showing } from "./report-page.ts";

const ATTACK = `<script>document.title = "run"</script><img src=x onerror="document.title='run'">"'&`;

/** A promotion under a hold that was overruled, which went bad; whoever wrote the reasons means harm. */
async function madeUp(): Promise<string> {
  const w = world();
  await w.settled();
  const bad = await w.release("bad");
  await hold(w.compose({}).p, { sha: null, because: ATTACK, until: null });
  w.alarms.fire("trial-dashboard-errors", () => (w.share(bad) ?? 0) > 0);
  await w.promote(bad, { order: { overrides: ["hold"], why: ATTACK } });
  const told = storyOf(w.ledger.written, w.ledger.written.at(-1)?.promotionId ?? "");
  if (!told) throw new Error("nothing was promoted");
  return renderPromotion(told, "trial");
}

describe("the report of a promotion, in a browser", function () {
  this.timeout(60_000);
  const shown = showing(madeUp);

  it("asks for nothing but itself and complains of nothing", () => {
    expect(shown.requests).to.have.length(1);
    expect(shown.complaints).to.deep.equal([]);
  });

  it("shows what was said, and never runs it", async () => {
    const text = await shown.page.locator("body").innerText();
    expect(text.split(ATTACK).length - 1, "in the request, in the hold, in the override").to.equal(3);
    expect(await shown.page.locator("script, img").count()).to.equal(0);
    expect(await shown.page.title()).to.match(/^trial: rolled-back/);
  });

  it("says the outcome first, in words, as its only heading of the first rank", async () => {
    expect(await shown.page.locator("h1").count()).to.equal(1);
    expect(await shown.page.locator("h1").innerText()).to.contain("rolled-back");
    expect(await shown.page.locator("h2").allInnerTexts()).to.deep.equal(["Overruled", "Steps", "Traffic"]);
  });

  it("gives every table its heads, so that it can be heard too", async () => {
    for (const table of await shown.page.locator("table").all())
      expect(await table.locator('thead th[scope="col"]').count()).to.be.greaterThan(2);
    expect(await shown.page.locator(".bar:not([aria-hidden]), .shares:not([aria-hidden])").count()).to.equal(
      0,
    );
  });

  it("draws the shares of the traffic as they were", async () => {
    const spans = await shown.page.locator(".shares").first().locator("span").all();
    const boxes = await Promise.all(spans.map((span) => span.boundingBox()));
    const whole = boxes.reduce((sum, box) => sum + (box?.width ?? 0), 0);
    const widths = boxes.map((box) => Math.round((100 * (box?.width ?? 0)) / whole));
    expect(widths).to.deep.equal([90, 10]);
  });

  it("fits a phone without scrolling sideways, with its record unfolded", async () => {
    await shown.page.locator("summary").click();
    expect(await shown.page.evaluate("document.documentElement.scrollWidth")).to.equal(PHONE.width);
  });

  it("prints", async () => {
    await shown.page.emulateMedia({ media: "print" });
    const pdf = await shown.page.pdf({ format: "A4" });
    expect(pdf.subarray(0, 5).toString()).to.equal("%PDF-");
    expect(pdf.byteLength).to.be.greaterThan(10_000);
  });
});
