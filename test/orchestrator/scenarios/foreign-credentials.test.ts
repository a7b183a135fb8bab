import { expect } from "chai";
import { promotion } from "../../../orchestrator/promotion/course.ts";
import { run } from "../../../orchestrator/promotion/run.ts";
import { expectRefused } from "../../fakes/refusal.ts";
import { world } from "../../fakes/world.ts";

/** What each of AWS's services says to credentials of another environment. */
const denied = () =>
  Object.assign(new Error("not authorized, with an explicit deny"), { name: "AccessDeniedException" });

describe("a promotion whose credentials are another environment's", () => {
  it("is refused at the ledger, the first that it asks, and asks nothing else for a change", async () => {
    const w = world();
    await w.settled();
    const sha = await w.release("second");
    const before = JSON.stringify(w.ledger.written);
    const { p, process } = w.promoting(sha, {
      befalls: ({ port }) => (port === "ledger" ? { fails: denied() } : undefined),
    });
    const conclusion = await run(p, promotion);
    expectRefused(conclusion, "credentials-refused");
    expect(conclusion.reason?.remedy).to.contain("environment's own deployer");
    const others = process.calls.filter(({ port }) => !["ledger", "clock"].includes(port));
    expect(others.map(({ port, method }) => `${port}.${method}`)).to.deep.equal([]);
    expect(JSON.stringify(w.ledger.written)).to.equal(before);
  });
});
