import { expect } from "chai";
import { follow, unseenAlarms } from "../../../orchestrator/promotion/alarm-course.ts";
import { recordVerdict } from "../../../orchestrator/promotion/judged.ts";
import { note, of, unknownVitals } from "../../../orchestrator/promotion/vitals.ts";
import { world } from "../../fakes/world.ts";

/** What DynamoDB takes as one item, in bytes. */
const LARGEST_ITEM = 400 * 1_024;

describe("a verdict as it is recorded", () => {
  it("fits an item of the ledger, whatever there was to be seen in how long a time", async () => {
    const w = world();
    const { p } = w.promoting(await w.release("first"));
    const answer = await w.ledger.acquire(p.order.holder, 60_000);
    if (answer.acquired) p.lease = answer.lease;
    const vitals = unknownVitals();
    const alarms = unseenAlarms();
    const names = (many: number, length: number) =>
      Array.from({ length: many }, (_, index) => `${index}-`.padEnd(length, "x"));
    for (let look = 0; look < 500; look++) {
      for (const name of names(1_000, 64))
        note(p, of(vitals, name), { ok: look % 2 === 0, status: 500, ms: 1_234.567 });
      const state = look % 2 === 0 ? "ALARM" : "INSUFFICIENT_DATA";
      const read = names(500, 255).map((name) => ({
        name,
        state,
        enabled: true,
        reason: "",
        definition: "",
      }));
      follow(alarms, look % 7 === 0 ? undefined : (read as Parameters<typeof follow>[1]), look * 2_000);
    }
    const verdict = { step: "watch", rule: "a rule", verdict: "ill", because: null, beganAt: 0 } as const;
    await recordVerdict(p, { ...verdict, alarms }, vitals);
    const event = w.ledger.written.at(-1)?.event;
    expect(event?.type).to.equal("judged");
    const size = Buffer.byteLength(JSON.stringify(w.ledger.written.at(-1)));
    expect(size).to.be.greaterThan(100_000).and.to.be.below(LARGEST_ITEM);
  });
});
