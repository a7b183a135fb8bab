import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { type Checkout, checkOutNow } from "./checkout.ts";
import { endMarked, leftAfter, marked } from "./processes.ts";
import { temporaryFiles } from "./temporary-files.ts";
import { CTRL_C, isNotTheTerminal, isUsable, openTerminal, type Terminal } from "./terminal.ts";

/** The terminal itself shows the keys that were pressed, before the line. */
const KEPT = /^(?:\^C)*Kept: /m;

/** When a person loses patience: how far the rehearsal is then, and how long after the first Ctrl-C the second comes. */
const MOMENTS: {
  during: string;
  begins: (terminal: Terminal, mark: string, checkout: Checkout) => Promise<void>;
  pauseMs: number;
}[] = [
  {
    during: "the start of the emulator",
    begins: async (_, mark) => {
      while (!(await marked(mark)).some(({ command }) => command.includes("emulator/plugin")))
        await delay(20);
    },
    pauseMs: 80,
  },
  { during: "the foundation", begins: ({ shows }) => shows(/Laying the foundation/, 60_000), pauseMs: 1_000 },
  {
    during: "the making of commits",
    begins: async ({ shows }, _, { root }) => {
      await shows(/Laying the foundation/, 60_000);
      for (const end = Date.now() + 120_000; Date.now() < end; await delay(5))
        if (existsSync(join(root, ".git/worktrees"))) return;
      throw new Error("no worktree was made");
    },
    pauseMs: 80,
  },
  { during: "the packaging", begins: ({ shows }) => shows(/ infra: .* kB/, 120_000), pauseMs: 80 },
  { during: "an update", begins: ({ shows }) => shows(/ gate /, 120_000), pauseMs: 1_000 },
  { during: "a watch", begins: ({ shows }) => shows(/ shift /, 180_000), pauseMs: 80 },
];

describe("Ctrl-C, twice, during a rehearsal", function () {
  this.timeout(240_000);
  let checkout: Checkout;
  let terminal: Terminal;

  before(() => {
    checkout = checkOutNow();
  });
  after(() => checkout.remove());
  afterEach(async () => {
    await endMarked(checkout.mark);
    for (const name of readdirSync(checkout.scratch))
      rmSync(join(checkout.scratch, name), { recursive: true, force: true });
  });

  for (const { during, begins, pauseMs } of MOMENTS)
    it(`leaves nothing behind: ${during}, ${pauseMs} ms apart`, async () => {
      const repository = checkout.git("status", "--porcelain", "--branch");
      terminal = openTerminal(checkout, ["npm", "run", "rehearse"]);
      await begins(terminal, checkout.mark, checkout);
      terminal.type(CTRL_C);
      const pressed = Date.now();
      await delay(pauseMs);
      terminal.type(CTRL_C);
      await terminal.shows(/the prompt/, 10_000);

      const rest = Math.max(0, 10_000 - (Date.now() - pressed));
      expect(await leftAfter(checkout.mark, rest, isNotTheTerminal), "within 10 s").to.deep.equal([]);
      process.stdout.write(`      (all of it was gone after ${Date.now() - pressed} ms)\n`);
      const shown = terminal.shown();
      expect(shown).to.match(/ended with (?!0\b)\d+/);
      expect(shown, "what was kept").to.match(KEPT);
      expect(shown, "a stack trace").not.to.match(/^\s+at .*:\d+:\d+\)?$/m);
      isUsable(shown);
      checkout.git("worktree", "prune"); // as the next rehearsal does
      expect(checkout.git("worktree", "list").split("\n")).to.have.length(1);
      expect(checkout.git("status", "--porcelain", "--branch")).to.equal(repository);
      expect(temporaryFiles(checkout)).to.deep.equal([]);
      await terminal.close();
    });
});
