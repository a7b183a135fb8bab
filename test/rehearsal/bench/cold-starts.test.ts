import { join } from "node:path";
import { expect } from "chai";
import { coldStarts } from "../../../rehearsal/bench/cold-starts.ts";

describe("the cold starts of functions", () => {
  it("are timed by each function's own bundle, which finds all that it needs, and take longer than nothing", async () => {
    const [pair] = await coldStarts(join(import.meta.dirname, "../../.."), ["canary"], 1);
    expect(pair?.what).to.contain("canary");
    expect(pair?.ours).to.have.length(1);
    expect(pair?.ratio).to.be.above(1);
  });
});
