import { spawn } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { expect } from "chai";
import { watchFunctions } from "../../../rehearsal/bench/function-memory.ts";

describe("the memory of functions", () => {
  before(function () {
    if (process.platform !== "linux") this.skip();
  });

  it("is that of the processes that run them, and of no others", async () => {
    const name = `bench-test-${process.pid}`;
    const run = (of: string) =>
      spawn(process.execPath, ["--eval", "setTimeout(() => {}, 60_000)"], {
        env: { ...process.env, AWS_LAMBDA_FUNCTION_NAME: of },
        stdio: "ignore",
      });
    const children = [run(name), run(name), run(`${name}-other`)];
    try {
      const watched = watchFunctions([name, "one-that-does-not-run"]);
      await wait(1_500);
      const seen = watched.end();
      expect(seen).to.have.all.keys(name);
      expect(seen[name]?.processes).to.equal(2);
      expect(seen[name]?.largest).to.be.within(5, 500);
    } finally {
      for (const child of children) child.kill("SIGKILL");
    }
  });
});
