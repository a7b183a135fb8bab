import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import type { Browser, Page } from "playwright-core";
import { GENESIS, hashOf } from "../../orchestrator/promotion/events.ts";
import { ACTS } from "../../rehearsal/story/acts.ts";
import { renderReport } from "../../rehearsal/story/report.ts";
import type { Scene, Story } from "../../rehearsal/story/story.ts";
import { openChromium } from "./chromium.ts";

const PHONE = { width: 390, height: 844 };
const ATTACK = `<script>document.title = "run"</script><img src=x onerror="document.title='run'">"'&`;

describe("the report of a rehearsal, in a browser", function () {
  this.timeout(60_000);
  let directory: string;
  let browser: Browser;
  let page: Page;
  let complaints: string[];
  let requests: string[];

  before(async function () {
    this.timeout(300_000);
    directory = mkdtempSync(join(tmpdir(), "report-"));
    browser = await openChromium(this);
  });
  after(async () => {
    await browser?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  beforeEach(async () => {
    const file = join(directory, "report.html");
    writeFileSync(file, renderReport(madeUpStory(), { at: "2031-05-06T12:00:00.000Z", tookMs: 180_000 }));
    page = await browser.newPage({ viewport: PHONE });
    complaints = [];
    requests = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(file).href);
  });
  afterEach(() => page.close());

  it("asks for nothing but itself and complains of nothing", () => {
    expect(requests).to.have.length(1);
    expect(requests[0]).to.match(/^file:.*report\.html$/);
    expect(complaints).to.deep.equal([]);
  });

  it("shows what was said, and never runs it", async () => {
    await page.locator("summary").first().click();
    const text = await page.locator("body").innerText();
    expect(text.split(ATTACK).length - 1, "in an act, in a reason, in an objection").to.be.at.least(3);
    expect(text, "in a ledger, as JSON").to.contain(JSON.stringify(ATTACK).slice(1, -1));
    expect(await page.locator("script, img").count()).to.equal(0);
    expect(await page.title()).to.contain("Rehearsal of");
  });

  it("fits a phone without scrolling sideways", async () => {
    await page.locator("summary").first().click();
    const width = await page.evaluate("document.documentElement.scrollWidth");
    expect(width).to.equal(PHONE.width);
  });

  it("tells how every act ended in words, not by a colour alone", async () => {
    const outcomes = await page.locator(".acts .outcome").allInnerTexts();
    expect(outcomes).to.deep.equal(ACTS.map(({ expected }) => expected));
    expect(await page.getByText("Not as expected").count()).to.equal(1);
  });

  it("prints", async () => {
    await page.emulateMedia({ media: "print" });
    const pdf = await page.pdf({ format: "A4" });
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
