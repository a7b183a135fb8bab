import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { isUsable, openTerminal } from "./terminal.ts";

const ROOT = join(import.meta.dirname, "../..");
const PLAYED = [process.execPath, "test/e2e/played-promotion.ts"];

/** A promotion in memory, some seconds long, in a real terminal: its size and what it says of itself. */
async function played(env: NodeJS.ProcessEnv, command = PLAYED): Promise<string> {
  const clean = { PATH: process.env.PATH, HOME: process.env.HOME };
  const terminal = openTerminal({ root: ROOT, env: clean }, command, env);
  await terminal.shows(/the prompt/, 60_000);
  const shown = terminal.shown();
  await terminal.close();
  return shown;
}

describe("a promotion in a terminal", function () {
  this.timeout(90_000);
  const size = (rows: number, columns: number) => ({
    TERMINAL_ROWS: String(rows),
    TERMINAL_COLUMNS: String(columns),
  });

  for (const columns of [40, 100])
    it(`is seen while it goes on, ${columns} columns wide`, async () => {
      const shown = await played(size(40, columns));
      expect(shown).to.contain("ended with 0");
      const text = stripVTControlCharacters(shown);
      expect(text).to.match(/dashboard █+░+ 10 %/);
      expect(text).to.match(/\d s to go/);
      expect(text)
        .to.contain("alarms 2 OK")
        .and.to.contain("probes new")
        .and.to.match(/harmless|undecided/);
      const told = text.slice(0, text.indexOf("ended with"));
      for (const line of told.split("\n")) expect(line.trimEnd().length, line).to.be.at.most(columns);
      expect(told).to.match(/✔ finish[^✖]*$/);
      isUsable(shown);
    });

  it("is seen on a terminal although its result goes elsewhere", async () => {
    const shown = await played(size(40, 100), ["sh", "-c", `"$@" > /dev/null`, "sh", ...PLAYED]);
    expect(stripVTControlCharacters(shown)).to.match(/dashboard █+░+ 10 %/);
  });

  it("is told without a colour where none is wanted", async () => {
    const shown = await played({ ...size(40, 100), NO_COLOR: "1" });
    expect(stripVTControlCharacters(shown)).to.match(/dashboard █+░+ 10 %/);
    expect(shown.includes("\x1b[3"), "a colour").to.equal(false);
    expect(shown.includes("\x1b[2m"), "dim").to.equal(false);
  });

  for (const [what, env] of [
    ["of no size", size(0, 0)],
    ["that can only print", { ...size(40, 100), TERM: "dumb" }],
  ] as const)
    it(`is told in lines in a terminal ${what}`, async () => {
      const shown = await played(env);
      const text = stripVTControlCharacters(shown);
      expect(text).to.contain("ended with 0");
      expect(text).to.match(/^ {2}✓ shift .* 100 % on the new release/m);
      expect(text).to.match(/^ {2}· shift +10 % on [0-9a-f]{7} \(dashboard 2, ingestion 2\)/m);
      expect(shown.slice(0, shown.indexOf("ended with")), "what would move the cursor").not.to.contain(
        "\x1b[1A",
      );
    });
});
