import { expect } from "chai";
import { median, timePair } from "../../../rehearsal/bench/pairs.ts";

describe("a pair of timed commands", () => {
  it("has its medians' ratio", () => {
    expect(median([3, 1, 2])).to.equal(2);
    expect(median([4, 1, 2, 3])).to.equal(2.5);
    expect(median([7])).to.equal(7);
  });

  it("is run in turn, after a run of each that does not count", async () => {
    const pair = await timePair("nothing", 2, { args: ["--eval", "0"] }, { args: ["--eval", "0"] });
    expect(pair.ours).to.have.length(2);
    expect(pair.floor).to.have.length(2);
    expect(pair.ratio).to.equal(median(pair.ours) / median(pair.floor));
  });

  it("is no measurement when a command fails, which is told in its own words", async () => {
    const failing = { args: ["--eval", "console.error('it is broken'); process.exit(3)"] };
    await timePair("broken", 1, failing, { args: ["--eval", "0"] }).then(
      () => expect.fail("it must throw"),
      (error) => expect(error.message).to.contain("exit code 3").and.to.contain("it is broken"),
    );
  });
});
