import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const QUIET = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts the installed Chromium, so that it asks for nothing but what a page asks for. */
export function openChromium(...more: string[]): Promise<Browser> {
  return chromium.launch({ executablePath: installedChromium(), args: [...QUIET, ...more] });
}

/** Debian's Chromium, or whichever CHROMIUM_PATH names. Playwright's own would have to be downloaded. */
function installedChromium(): string {
  const named = process.env.CHROMIUM_PATH;
  const onPath = (process.env.PATH ?? "").split(delimiter).map((place) => join(place, "chromium"));
  const found = (named ? [named] : ["/usr/bin/chromium", ...onPath]).find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (found) return found;
  throw new Error(
    `there is no Chromium${named ? ` at ${named} (CHROMIUM_PATH)` : ""}: apt-get install chromium, or name one in CHROMIUM_PATH`,
  );
}
