import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Entry } from "../../orchestrator/promotion/events.ts";
import { hold } from "../../orchestrator/promotion/holding.ts";
import { renderPromotion } from "../../orchestrator/report/promotion.ts";
import { storyOf } from "../../orchestrator/report/story.ts";
import { world } from "../fakes/world.ts";
import { lowContrast, unnamedPictures, unreachable } from "./page-checks.ts";
import { PHONE, showing } from "./report-page.ts";

const ROOT = join(import.meta.dirname, "../..");
const LEDGER = join(ROOT, "test/orchestrator/promotion/ledgers/2026-11-24-evidence.json");
/** Where a person can look at what these tests saw. */
const KEPT = join(ROOT, ".reports");
/** What a sheet of paper has between its margins, in pixels of 1/96 inch. */
const A4_WIDTH = 718;
const ATTACK = `<script>document.title = "run"</script><img src=x onerror="document.title='run'">"'&`;

/** A promotion under a hold that was overruled, which went bad; whoever wrote the reasons means harm. */
async function madeUp(): Promise<string> {
  const w = world();
  await w.settled();
  const bad = await w.release("bad");
  await hold(w.compose({}).p, { sha: null, because: ATTACK, until: null });
  w.alarms.set(ATTACK, { state: "INSUFFICIENT_DATA" });
  w.alarms.fire("trial-dashboard-errors", () => (w.share(bad) ?? 0) > 0);
  await w.promote(bad, { order: { overrides: ["hold"], why: ATTACK } });
  return rendered(w.ledger.written, w.ledger.written.at(-1)?.promotionId ?? "");
}

function rendered(entries: Entry[], promotionId: string): string {
  const told = storyOf(entries, promotionId);
  if (!told) throw new Error("nothing was promoted");
  return renderPromotion(told, "trial");
}

const recorded = (promotionId: string) =>
  rendered(JSON.parse(readFileSync(LEDGER, "utf8")) as Entry[], promotionId);

describe("the report of a promotion that somebody means harm with, in a browser", function () {
  this.timeout(60_000);
  const shown = showing(madeUp);

  it("asks for nothing but itself and complains of nothing", () => {
    expect(shown.requests).to.have.length(1);
    expect(shown.complaints).to.deep.equal([]);
  });

  it("shows what was said, and never runs it", async () => {
    const text = await shown.page.locator("body").innerText();
    expect(text.split(ATTACK).length - 1, "in the request, the hold, the override, an alarm").to.be.at.least(
      4,
    );
    expect(await shown.page.locator("script, img").count()).to.equal(0);
    expect(await shown.page.title()).to.match(/^trial: rolled-back/);
  });

  it("would fetch and run nothing, had any of it been let in", async () => {
    const title = await shown.page.title();
    await shown.page.evaluate(`(() => {
      const image = document.createElement("div");
      image.innerHTML = '<img src="https://elsewhere.example/x.png" onerror="document.title = 1">';
      const script = document.createElement("script");
      script.textContent = "document.title = 2";
      document.body.append(image, script);
    })()`);
    await shown.page.waitForTimeout(100);
    expect(await shown.page.title()).to.equal(title);
    expect(shown.complaints.filter((said) => said.includes("Content Security Policy"))).to.have.length(3);
  });
});

describe("the report of a release that was taken back, in a browser", function () {
  this.timeout(60_000);
  const shown = showing(() => recorded("promotion-3"));

  it("says the outcome first, in words, and has its headings in order", async () => {
    expect(await shown.page.locator("h1").innerText()).to.contain("rolled-back");
    const ranks = await shown.page.evaluate<number[]>(
      `[...document.querySelectorAll("h1,h2,h3,h4")].map(({ tagName }) => Number(tagName[1]))`,
    );
    expect(ranks.filter((rank) => rank === 1)).to.deep.equal([1]);
    for (const [index, rank] of ranks.entries())
      expect(rank - (ranks[index - 1] ?? 0), `heading ${index}`).to.be.at.most(1);
    expect(await shown.page.locator("h2").allInnerTexts()).to.deep.equal([
      "Detection",
      "Steps",
      "Traffic",
      "Evidence",
      "Alarms",
      "Notices",
      "Ledger",
    ]);
  });

  it("says how long harm went unnoticed", async () => {
    const cards = await shown.page.locator("h2:has-text('Detection') ~ dl").first().innerText();
    expect(cards.replaceAll(/\s+/g, " ")).to.equal(
      "from the first traffic to the decision 46.0 s from the first bad answer to the decision 8.0 s from the first alarm to the decision 0 ms",
    );
  });

  it("gives every picture a name, and every table a caption and heads", async () => {
    expect(await shown.page.locator("svg.chart").count()).to.equal(4);
    expect(await shown.page.evaluate<string[]>(unnamedPictures)).to.deep.equal([]);
    expect(await shown.page.getByRole("img", { name: "The steps over time" }).count()).to.equal(1);
    for (const table of await shown.page.locator("table").all()) {
      expect(await table.locator('thead th[scope="col"]').count()).to.be.greaterThan(2);
      expect(await table.locator("caption").textContent()).not.to.equal("");
    }
  });

  it("draws the shares of the traffic as long as they lasted", async () => {
    const rects = shown.page.locator(".chart:has(#traffic-title) > svg").first().locator("rect.asked");
    const boxes = await Promise.all((await rects.all()).map((rect) => rect.boundingBox()));
    const widths = boxes.map((box) => Math.round(((box?.width ?? 0) / (PHONE.width - 32)) * 90));
    expect(widths, "seconds before, at 10 %, at 100 %, afterwards").to.deep.equal([22, 30, 16, 22]);
    const heights = boxes.map((box) => box?.height ?? 0);
    expect(heights[0]).to.equal(0);
    expect(heights[1])
      .to.be.greaterThan(2)
      .and.to.be.lessThan(heights[2] ?? 0);
  });

  for (const scheme of ["light", "dark"] as const)
    it(`can be read in the ${scheme}: each text stands out from what is behind it`, async () => {
      await shown.page.emulateMedia({ colorScheme: scheme });
      await shown.page.locator("summary").click();
      expect(await shown.page.evaluate<string[]>(lowContrast)).to.deep.equal([]);
      mkdirSync(KEPT, { recursive: true });
      await shown.page.screenshot({ path: join(KEPT, `report-${scheme}.png`), fullPage: true });
    });

  for (const width of [320, 390, 1_200])
    it(`fits ${width} pixels without scrolling sideways, with its record unfolded`, async () => {
      await shown.page.setViewportSize({ width, height: 844 });
      await shown.page.locator("summary").click();
      expect(await shown.page.evaluate("document.documentElement.scrollWidth")).to.equal(width);
      const smallest = await shown.page.evaluate<number>(
        `Math.min(...[...document.querySelectorAll("text")].map((text) => text.getBoundingClientRect().height))`,
      );
      expect(smallest, "the text of a picture, in pixels").to.be.at.least(12);
    });

  it("is used by the keyboard alone: all that scrolls or unfolds can be reached", async () => {
    expect(await shown.page.evaluate<string[]>(unreachable)).to.deep.equal([]);
    for (let pressed = 0; pressed < 30; pressed++) {
      await shown.page.keyboard.press("Tab");
      if (await shown.page.evaluate(`document.activeElement.tagName === "SUMMARY"`)) break;
    }
    await shown.page.keyboard.press("Enter");
    expect(await shown.page.locator("details").getAttribute("open")).to.equal("");
  });

  it("prints, with its record, though that is folded away", async () => {
    await shown.page.emulateMedia({ media: "print" });
    await shown.page.setViewportSize({ width: A4_WIDTH, height: 1_000 });
    expect(await shown.page.evaluate("document.documentElement.scrollWidth")).to.equal(A4_WIDTH);
    const pdf = await shown.page.pdf({ format: "A4" });
    expect(pdf.subarray(0, 5).toString()).to.equal("%PDF-");
    const pages = pdf.toString("latin1").match(/\/Type \/Page\b/g)?.length ?? 0;
    expect(pages, "the record alone has some").to.be.at.least(5);
  });
});

describe("the report of a release that was promoted, in a browser", function () {
  this.timeout(60_000);
  const shown = showing(() => recorded("promotion-2"));

  it("shows who was slower, and which alarm had no data for a while", async () => {
    const text = await shown.page.locator("body").innerText();
    expect(text).not.to.contain("Detection");
    const picture = shown.page.getByRole("img", { name: "Alarms that were not always OK" });
    expect(await picture.locator("text").allTextContents()).to.deep.equal([
      "watch, trial-ingestion-errors: OK → INSUFFICIENT_DATA → OK",
    ]);
    const latencies = shown.page.getByRole("img", { name: "Latencies of the probes" }).locator("text");
    expect(await latencies.first().textContent()).to.match(
      /^canary, new dashboard: \d+ ms, p95 \d+ ms, 5 answers$/,
    );
    expect(shown.complaints).to.deep.equal([]);
  });
});
