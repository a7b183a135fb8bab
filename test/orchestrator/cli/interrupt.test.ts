import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";

const MODULE = new URL("../../../orchestrator/cli/interrupt.ts", import.meta.url).href;
const SCRIPT = `const { onInterrupt } = await import(${JSON.stringify(MODULE)});
onInterrupt((name) => console.log(name));
process.stdin.resume().once("end", () => process.exit());
console.log("ready");`;

describe("an interrupt", function () {
  this.timeout(10_000);

  /** What a process heard of the signals that it was sent, each so many milliseconds after the one before. */
  async function heard(signals: [NodeJS.Signals, number][]): Promise<string[]> {
    const child = spawn(process.execPath, ["--input-type=module", "--eval", SCRIPT], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    await lines.next();
    for (const [signal, afterMs] of signals) {
      await delay(afterMs);
      child.kill(signal);
    }
    await delay(100);
    child.stdin.end();
    const said: string[] = [];
    for (let line = await lines.next(); !line.done; line = await lines.next()) said.push(line.value);
    return said;
  }

  it("is heard each time", async () => {
    const twice: [NodeJS.Signals, number][] = [
      ["SIGINT", 0],
      ["SIGINT", 400],
    ];
    expect(await heard(twice)).to.deep.equal(["SIGINT", "SIGINT"]);
    expect(await heard([["SIGTERM", 0]])).to.deep.equal(["SIGTERM"]);
  });

  it("counts once when npm passes it on as well", async () => {
    const passedOn: [NodeJS.Signals, number][] = [
      ["SIGINT", 0],
      ["SIGINT", 5],
    ];
    expect(await heard(passedOn)).to.deep.equal(["SIGINT"]);
  });
});
