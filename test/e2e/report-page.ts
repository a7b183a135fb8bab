import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { openChromium } from "./chromium.ts";

export const PHONE = { width: 390, height: 844 };

/** A report as a phone shows it, with all that the page said and asked for. */
export type Shown = { page: Page; complaints: string[]; requests: string[] };

/** Opens a report anew before each test of the suite that calls this. */
export function showing(render: () => string | Promise<string>): Shown {
  const shown = {} as Shown;
  let directory: string;
  let browser: Browser;

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
    writeFileSync(file, await render());
    const page = await browser.newPage({ viewport: PHONE });
    Object.assign(shown, { page, complaints: [], requests: [] });
    page.on("console", (message) => shown.complaints.push(message.text()));
    page.on("pageerror", (error) => shown.complaints.push(error.message));
    page.on("request", (request) => shown.requests.push(request.url()));
    await page.goto(pathToFileURL(file).href);
  });
  afterEach(() => shown.page.close());
  return shown;
}
