import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type BareMachine, BUILDS, bareMachine, fakeGo } from "./bare-machine.ts";
import { type Checkout, checkOutNow } from "./checkout.ts";
import { launch, type Running } from "./command.ts";
import { endMarked, leftAfter } from "./processes.ts";

const PREPARES = `const { prepareEngine } = await import("./rehearsal/engine/engine.ts");
const engine = await prepareEngine({ env: process.env, progress: (line) => process.stderr.write(line + "\\n") });
process.stdout.write(engine.pulumiRoot);`;

describe("set-ups of the engine at the same time", function () {
  this.timeout(60_000);
  let checkout: Checkout;
  let machine: BareMachine;

  beforeEach(() => {
    checkout = checkOutNow();
    machine = bareMachine(checkout);
  });
  afterEach(async () => {
    await endMarked(checkout.mark);
    checkout.remove();
  });

  const prepare = (): Running =>
    launch(checkout, [process.execPath, "--input-type=module", "--eval", PREPARES], machine.env);
  const builds = () =>
    readFileSync(join(String(machine.env.HOME), "builds"), "utf8")
      .trim()
      .split("\n").length;

  it("build it once, and all of them have it", async () => {
    machine.command("go", fakeGo(`sleep 1; ${BUILDS}`));
    const ended = await Promise.all([prepare(), prepare(), prepare()].map((each) => each.ended));
    for (const { code, err } of ended) expect(code, err).to.equal(0);
    expect(new Set(ended.map(({ out }) => out)).size).to.equal(1);
    expect(builds()).to.equal(1);
    expect(ended.filter(({ err }) => /waiting for process/.test(err))).to.have.length(2);
  });

  it("go on when the one that builds is killed, and nothing of it is left", async () => {
    machine.command("go", fakeGo(`echo half > "$out"pulumi; sleep 2; ${BUILDS}`));
    const first = prepare();
    await first.says(/Building the Pulumi CLI/);
    const second = prepare();
    await second.says(/waiting for process/);
    first.kill("SIGKILL");
    const { code, err } = await second.ended;
    expect(code, err).to.equal(0);
    expect(builds()).to.equal(2);
    expect(await leftAfter(checkout.mark, 5_000)).to.deep.equal([]);
  });
});
