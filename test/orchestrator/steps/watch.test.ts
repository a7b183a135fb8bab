import { expect } from "chai";
import { codeOf, reached } from "../../fakes/reached.ts";
import { world } from "../../fakes/world.ts";

describe("the step watch", () => {
  it("watches for the bake time, and then knows what runs", async () => {
    const w = world({ bake: 300_000 });
    await w.settled();
    const { p, sha, run } = await reached(w, "watch");
    const began = w.clock.monotonic();
    expect(codeOf(await run())).to.equal("passed");
    expect(w.clock.monotonic() - began).to.equal(300_000);
    expect(p.found.running?.sha).to.equal(sha);
  });

  it("fails when the last answer came from another release", async () => {
    const w = world();
    const { run } = await reached(w, "watch");
    w.probes.answer(({ how }) => (how === "throughUrl" ? { version: "another" } : undefined));
    expect(codeOf(await run())).to.equal("inconclusive");
  });

  for (const [what, state, code] of [
    ["an alarm fires", "ALARM", "unhealthy"],
    ["an alarm has no data", "INSUFFICIENT_DATA", "inconclusive"],
  ] as const)
    it(`fails when ${what}, and does not say that the release runs`, async () => {
      const w = world();
      const { p, run } = await reached(w, "watch");
      w.alarms.set("trial-dashboard-errors", { state });
      expect(codeOf(await run())).to.equal(code);
      expect(p.found.running).to.equal(undefined);
    });
});
