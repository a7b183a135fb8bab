import { expect } from "chai";
import { parseStrategy } from "../../../orchestrator/promotion/strategy.ts";
import { refused } from "../../contracts/refused.ts";
import { codeOf, reached } from "../../fakes/reached.ts";
import { world } from "../../fakes/world.ts";

describe("the step shift", () => {
  async function shifted(text: string, first = true) {
    const w = world();
    if (first) await w.settled();
    const at = await reached(w, "shift", { config: { strategy: parseStrategy(text) } });
    const began = w.clock.monotonic();
    const result = await at.run();
    const shares = w.traffic.written
      .filter(({ functionName }) => functionName === "trial-dashboard")
      .map(({ route }) => route.canary?.weight ?? 1);
    return { w, ...at, result, shares, ms: w.clock.monotonic() - began };
  }

  it("goes through the stages, holding each, and does not hold the last", async () => {
    const { w, sha, result, shares, ms } = await shifted("linear:40%/1m");
    expect(codeOf(result)).to.equal("passed");
    expect(shares).to.deep.equal([0.4, 0.8, 1]);
    expect(ms).to.equal(120_000);
    expect(w.share(sha)).to.equal(1);
  });

  it("says at each stage who has how much, and for how long", async () => {
    const { w, sha } = await shifted("canary:40%/1m");
    const moves = w.told.flatMap((told) => (told.type === "traffic" ? [told.traffic] : [])).slice(-2);
    const dashboard = moves.map((lines) => lines.filter((line) => line.function === "dashboard"));
    expect(dashboard.map((lines) => lines.map((line) => [line.sha === sha, line.weight]))).to.deep.equal([
      [
        [false, 0.6],
        [true, 0.4],
      ],
      [[true, 1]],
    ]);
    const looks = w.told.flatMap((told) => (told.type === "look" && told.step === "shift" ? [told] : []));
    expect(looks[0]?.time).to.deep.equal({ forMs: 60_000, leftMs: 60_000 });
    expect(looks.at(-1)?.time?.leftMs).to.equal(0);
  });

  it("goes all at once when asked to", async () => {
    const { shares, ms } = await shifted("all-at-once");
    expect(shares).to.deep.equal([1]);
    expect(ms).to.equal(0);
  });

  it("has no stages for the first release: there is nothing to share with", async () => {
    const { w, sha, result, ms } = await shifted("canary:10%/5m", false);
    expect(codeOf(result)).to.equal("passed");
    expect(w.share(sha)).to.equal(1);
    expect(ms).to.equal(0);
  });

  it("stops at the first stage that looks bad", async () => {
    const w = world();
    await w.settled();
    const { sha, run } = await reached(w, "shift");
    w.alarms.fire("trial-dashboard-errors");
    expect(codeOf(await run())).to.equal("unhealthy");
    expect(w.share(sha)).to.equal(0.1);
  });

  it("claims to know nothing of what runs while the traffic is shared", async () => {
    const w = world();
    await w.settled();
    const { p, run } = await reached(w, "shift");
    w.traffic.meddle("trial-dashboard");
    await refused("route-changed", run());
    expect(p.found.running).to.equal(undefined);
  });
});
