import { expect } from "chai";
import { judgementsSection } from "../../../orchestrator/report/judgements.ts";
import { storyOf, type Told } from "../../../orchestrator/report/story.ts";
import { world } from "../../fakes/world.ts";

describe("the evidence in a report", () => {
  /** A promotion whose watch had these counts of the platform, or none. */
  async function read(measured?: Told["judgements"][number]["measured"]): Promise<string> {
    const w = world();
    await w.settled();
    await w.promote(await w.release("second"));
    const promotionId = w.ledger.written.at(-1)?.promotionId ?? "";
    const told = storyOf(w.ledger.written, promotionId) as Told;
    const judgements = told.judgements.map((judged) =>
      judged.step === "watch" && measured ? { ...judged, measured } : judged,
    );
    return judgementsSection({ ...told, judgements })
      .replaceAll(/<[^>]*>/g, " ")
      .replaceAll(/\s+/g, " ");
  }

  it("is also what the platform counted of both versions", async () => {
    const counted = { now: { invocations: 41, errors: 3 }, before: { invocations: 370, errors: 1 } };
    expect(await read({ dashboard: counted }))
      .to.contain("What the platform counted")
      .and.to.contain("watch dashboard 3 of 41 1 of 370");
  });

  it("says nothing of what the platform did not count", async () => {
    expect(await read())
      .to.contain("Latencies")
      .and.not.to.contain("the platform counted");
  });
});
