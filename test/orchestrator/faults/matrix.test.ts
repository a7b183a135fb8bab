import { expect } from "chai";
import { EXIT_CODES, type Outcome } from "../../../orchestrator/promotion/outcome.ts";
import { expectInOrder } from "../../fakes/invariants.ts";
import { MATRIX } from "./matrix.ts";
import { FAULT_NAMES, STEPS } from "./names.ts";
import { strike } from "./strike.ts";

describe("a fault at a step", () => {
  for (const fault of FAULT_NAMES)
    for (const step of STEPS) {
      const cell = MATRIX[fault][step];
      if (typeof cell !== "string") continue;
      const [outcome = "", , , next] = cell.split(" ");
      it(`${fault}, at ${step}: ${cell}`, async () => {
        const { w, ended, again, seen, exit } = await strike(fault, step);
        expect(seen).to.equal(cell);
        expect(exit).to.equal(EXIT_CODES[outcome as Outcome]);
        if (ended !== "died" && ended.outcome === "needs-human")
          expect(ended.reason?.message).to.contain("Traffic now: ");
        await expectInOrder(w, again);
        if (again.outcome === "refused") {
          // What was seen of the release may stop it; and where all is back already, there is nothing to go back from.
          expect(["quarantined", "nothing-to-return-to"]).to.include(next);
          const mended = await w.promote(await w.release("mended"));
          expect(mended.outcome, mended.reason?.message).to.equal("promoted");
          await expectInOrder(w, mended);
        } else expect(["promoted", "unchanged"]).to.include(again.outcome);
      });
    }

  it("is told for every step, or why it cannot be", () => {
    for (const fault of FAULT_NAMES) expect(Object.keys(MATRIX[fault])).to.deep.equal([...STEPS]);
    expect(Object.keys(MATRIX)).to.deep.equal([...FAULT_NAMES]);
  });
});
