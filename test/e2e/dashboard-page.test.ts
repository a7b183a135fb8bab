import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Browser, Page } from "playwright-core";
import { openChromium } from "./chromium.ts";
import { type Service, service } from "./service-fixture.ts";

const PHONE = { width: 390, height: 844 };
const DESK = { width: 1280, height: 900 };
/** In the checkout that runs the tests, not in the temporary one that they test. */
const SHOTS = process.env.SCREENSHOTS ?? join(import.meta.dirname, "../../.rehearsal/screenshots");

describe("the dashboard's page, in a browser", function () {
  this.timeout(60_000);
  let at: Service;
  let browser: Browser;
  let page: Page;
  let complaints: string[];
  let hosts: Set<string>;

  before(async function () {
    this.timeout(900_000); // a fresh machine builds the engine first
    at = await service();
    for (const query of ["bulk", "markup", "characters"]) await at.invoke("ingestion", { query });
    // The function URL's name does not resolve here: the emulator answers in its place.
    const { host } = new URL(at.access.endpoint ?? "");
    browser = await openChromium(
      this,
      `--host-resolver-rules=MAP *.on.aws ${host}`,
      `--unsafely-treat-insecure-origin-as-secure=http://${new URL(at.url).host}`,
    );
    mkdirSync(SHOTS, { recursive: true });
  });
  after(() => browser?.close());

  beforeEach(async () => {
    page = await browser.newPage({ viewport: DESK });
    complaints = [];
    hosts = new Set();
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("dialog", (dialog) => complaints.push(`a dialog: ${dialog.message()}`));
    page.on("request", (request) => {
      if (!request.url().startsWith("data:")) hosts.add(new URL(request.url()).host);
    });
    await page.goto(at.url.replace("https:", "http:"));
  });
  afterEach(() => page.close());

  const enter = async (key: string) => {
    await page.getByLabel("API key").fill(key);
    await page.getByRole("button", { name: "Show the news" }).click();
  };
  const keepShot = async (name: string) => {
    const path = join(SHOTS, name);
    await page.screenshot({ path, fullPage: true });
    expect(statSync(path).size, path).to.be.above(10_000);
    process.stdout.write(`    screenshot kept in ${path}\n`);
  };
  const shown = () => page.locator("#over-time svg").waitFor();

  it("asks for the key, and refuses a wrong one without showing anything", async () => {
    await enter("not-the-key");
    await page.getByText("That key is not the right one.").waitFor();
    expect(await page.locator("#content").isVisible()).to.equal(false);
    expect(await page.locator("#items li").count()).to.equal(0);
  });

  it("draws its charts from the items, and complains of nothing", async () => {
    await enter(at.key);
    await shown();
    const summary = await at.get<{ items: number; bySource: unknown[] }>("/api/summary?days=1");
    expect(await page.locator(".card b").first().innerText()).to.equal(String(summary.items));
    expect(await page.locator("#over-time rect").count()).to.be.above(10);
    expect(await page.locator("#by-source .source").count()).to.equal(summary.bySource.length);
    expect(await page.locator("#items li").count()).to.equal(20);
    expect(complaints).to.deep.equal([]);
    expect([...hosts]).to.deep.equal([new URL(at.url).host]);
    await keepShot("dashboard.png");
  });

  it("keeps the key for its tab only, and forgets it when told", async () => {
    await enter(at.key);
    await shown();
    await page.reload();
    await shown();
    const other = await browser.newPage();
    await other.goto(page.url());
    expect(await other.getByLabel("API key").isVisible()).to.equal(true);
    await other.close();
    await page.getByRole("button", { name: "Forget key" }).click();
    await page.reload();
    expect(await page.getByLabel("API key").isVisible()).to.equal(true);
  });

  it("goes on with the list, and shows other spans", async () => {
    await enter(at.key);
    await shown();
    await page.getByRole("button", { name: "More" }).click();
    await page.locator("#items li:nth-child(40)").waitFor();
    await page.getByRole("button", { name: "7 days" }).click();
    await page.locator('#over-time svg[aria-label*="28 columns"]').waitFor();
    expect(complaints).to.deep.equal([]);
  });

  it("shows what a title says and never runs it", async () => {
    const attack = `<img src=x onerror="document.title='run'"><script>document.title='run'</script>`;
    const listed = await at.get<{ items: object[] }>("/api/items?limit=20");
    listed.items[0] = {
      ...listed.items[0],
      title: attack,
      source: attack,
      url: "javascript:document.title='run'",
    };
    await page.route("**/api/items*", (route) => route.fulfill({ json: listed }));
    await enter(at.key);
    await shown();
    expect(await page.locator("#items a").first().innerText()).to.equal(attack);
    expect(await page.locator("#items img, #items script").count()).to.equal(0);
    expect(await page.locator("#items a").first().getAttribute("href")).to.equal("#");
    expect(await page.title()).to.equal("News sentiment");
  });

  it("fits a phone without scrolling sideways", async () => {
    await page.setViewportSize(PHONE);
    await enter(at.key);
    await shown();
    expect(await page.evaluate("document.documentElement.scrollWidth")).to.equal(PHONE.width);
    await keepShot("dashboard-phone.png");
  });
});
