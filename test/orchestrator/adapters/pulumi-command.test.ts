import { spawn } from "node:child_process";
import { once } from "node:events";
import type { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { expect } from "chai";
import { endsInTime } from "../../../orchestrator/adapters/pulumi-command.ts";
import { refused } from "../../contracts/refused.ts";

const GRACE_MS = 200;
const POLITE =
  "setInterval(() => {}, 1e3); process.on('SIGINT', () => process.exit(1)); console.log('ready')";
const DEAF = "setInterval(() => {}, 1e3); process.on('SIGINT', () => {}); console.log('ready')";

/** As the Automation API's own: it starts a process at once, interrupts it, and fails when that does not end well. */
function command(program: string, ready: () => void = () => {}): PulumiCommand {
  const run = async (...[, , , , , signal]: [unknown, unknown, unknown, unknown, unknown, AbortSignal?]) => {
    const child = spawn(process.execPath, ["-e", program]);
    signal?.addEventListener("abort", () => child.kill("SIGINT"));
    child.stdout.once("data", ready);
    const [code] = await once(child, "close");
    if (code !== 0) throw new Error(`it ended with ${code}`);
    return { stdout: "done" };
  };
  return { command: "pulumi", version: null, run } as unknown as PulumiCommand;
}

describe("the engine's command line, told to stop", () => {
  const run = (program: string) => {
    const stopping = new AbortController();
    const made = endsInTime(
      command(program, () => stopping.abort(new Error("SIGTERM"))),
      GRACE_MS,
    );
    return made.run([], "", {}, undefined, undefined, stopping.signal);
  };

  it("is left alone when it ends by itself, and its own error is told", async () => {
    const error = await run(POLITE).catch((reason) => reason);
    expect(error.message).to.equal("it ended with 1");
  });

  it("is killed when it does not, and what it was at is called undecided", async () => {
    const began = performance.now();
    const error = await refused("engine-cut-off", run(DEAF));
    expect(error.message).to.contain("within 0.2 s");
    expect(performance.now() - began).to.be.greaterThan(GRACE_MS);
  });

  it("is not killed without being told", async () => {
    const { signal } = new AbortController();
    const made = endsInTime(command("process.exit(0)"), GRACE_MS);
    expect(await made.run([], "", {}, undefined, undefined, signal)).to.deep.equal({ stdout: "done" });
    expect(await made.run([], "", {})).to.deep.equal({ stdout: "done" });
    const failing = endsInTime(command("process.kill(process.pid, 'SIGKILL')"), GRACE_MS);
    const error = await failing.run([], "", {}, undefined, undefined, signal).catch((reason) => reason);
    expect(error.message).to.equal("it ended with null");
  });
});
