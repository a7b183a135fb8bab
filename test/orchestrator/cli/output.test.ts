import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import pc from "picocolors";
import { hasColours, outlive } from "../../../orchestrator/cli/output.ts";
import { plainLines } from "../../../orchestrator/cli/plain-lines.ts";
import { jsonLines } from "../../../orchestrator/cli/progress.ts";
import { fakeScreen } from "../../fakes/screen.ts";
import { world } from "../../fakes/world.ts";

const ROOT = join(import.meta.dirname, "../../..");

/** Tells a lot, waits for what comes of it, and ends as nothing but a process that is well does. */
const TELLING = `
  import { progressSink, speaker } from "./orchestrator/cli/progress.ts";
  const tell = await progressSink(process.argv[1] === "json");
  const pause = () => new Promise((resolve) => setTimeout(resolve, 20));
  for (let n = 0; n < 5; n++) {
    tell({ type: "step-started", step: "watch" });
    tell({ type: "step-finished", step: "watch", outcome: "passed", ms: n, text: "x".repeat(10_000) });
    speaker(false)("a word");
    await pause();
  }
  process.exitCode = 42;`;

describe("a promotion whose progress nobody can take", () => {
  for (const how of ["json", "plain"])
    for (const [what, broken] of [
      ["to a reader that went away", "pipe"],
      ["to a disk that is full", "/dev/full"],
    ] as const)
      it(`goes on: ${how} lines ${what}`, async () => {
        const stderr = broken === "pipe" ? "pipe" : openSync(broken, "w");
        const child = spawn(process.execPath, ["--input-type=module", "-e", TELLING, how], {
          cwd: ROOT,
          env: { PATH: process.env.PATH },
          stdio: ["ignore", "inherit", stderr],
        });
        child.stderr?.destroy();
        const code = await new Promise((resolve) => child.once("close", resolve));
        if (typeof stderr === "number") closeSync(stderr);
        expect(code).to.equal(42);
      });

  it("ends as it would have ended, whichever sink it is and whenever that breaks", async () => {
    for (const sink of [plainLines(broken(), pc), jsonLines(broken()), throwing]) {
      const w = world();
      await w.settled();
      const { outcome, steps } = await w.promote(await w.release("second"), { tell: sink });
      expect(outcome).to.equal("promoted");
      expect(steps).to.have.length(13);
    }
  });

  function broken() {
    const screen = fakeScreen();
    screen.breaks();
    return screen;
  }
  const throwing = () => {
    throw new Error("a sink with an error of its own");
  };

  it("listens to the errors of a place once, however often it is asked to", () => {
    let listeners = 0;
    const output = { write: () => true, on: () => listeners++ };
    outlive(outlive(output));
    expect(listeners).to.equal(1);
  });
});

describe("colours are shown", () => {
  const cases: [where: string, isTTY: boolean, env: NodeJS.ProcessEnv, shown: boolean][] = [
    ["on a terminal", true, { TERM: "xterm" }, true],
    ["on no terminal that only prints", true, { TERM: "dumb" }, false],
    ["in no file", false, {}, false],
    ["in CI", false, { CI: "true" }, true],
    ["nowhere when they are not wanted, not in CI either", true, { NO_COLOR: "1", CI: "true" }, false],
    ["in a file when they are asked for", false, { FORCE_COLOR: "1" }, true],
  ];
  for (const [where, isTTY, env, shown] of cases)
    it(where, () => expect(hasColours({ isTTY, write: () => true }, env)).to.equal(shown));
});
