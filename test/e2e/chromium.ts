import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { Context } from "mocha";
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

/**
 * Starts Chromium, so that it asks for nothing but what a page asks for: the one that CHROMIUM_PATH names, or Debian's,
 * which is installed where that can be done. Where there is none to be had, the tests of the suite are skipped, and say so.
 */
export async function openChromium(suite: Context, ...more: string[]): Promise<Browser> {
  const executablePath = installedChromium() ?? (installChromium() ? installedChromium() : undefined);
  if (executablePath) return await chromium.launch({ executablePath, args: [...QUIET, ...more] });
  process.stdout.write("  no Chromium: apt-get install chromium, or name one in CHROMIUM_PATH\n");
  return suite.skip();
}

function installedChromium(): string | undefined {
  const named = process.env.CHROMIUM_PATH;
  const onPath = (process.env.PATH ?? "").split(delimiter).map((place) => join(place, "chromium"));
  return (named ? [named] : ["/usr/bin/chromium", ...onPath]).find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Installs Debian's Chromium, if that is whose machine this is. Playwright's own would have to be downloaded. */
function installChromium(): boolean {
  if (process.env.CHROMIUM_PATH || process.getuid?.() !== 0) return false;
  process.stdout.write("  installing Chromium with apt-get, about a minute\n");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (...args: string[]) => spawnSync("apt-get", args, { env, stdio: "ignore" }).status === 0;
  return apt("update") && apt("install", "-y", "--no-install-recommends", "chromium");
}
