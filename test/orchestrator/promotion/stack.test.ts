import { expect } from "chai";
import type { Operation, Plan } from "../../../orchestrator/ports/engine.ts";
import { problem } from "../../../orchestrator/problems.ts";
import type { LedgerEvent } from "../../../orchestrator/promotion/events.ts";
import type { Promotion } from "../../../orchestrator/promotion/promotion.ts";
import { planFor, unfinishedUpdate, updateStack } from "../../../orchestrator/promotion/stack.ts";
import { type LoadedRelease, programOf } from "../../../orchestrator/release/load.ts";
import { refused } from "../../contracts/refused.ts";
import { reached } from "../../fakes/reached.ts";
import { type World, world } from "../../fakes/world.ts";

describe("the stack of a promotion", () => {
  let w: World;
  let p: Promotion;

  beforeEach(async () => {
    w = world();
    await w.settled();
    ({ p } = await reached(w, "up"));
  });

  const program = () => programOf(p.found.release as LoadedRelease);
  const pending = [{ urn: "urn:one", operation: "updating" }];
  const update = (plan: Partial<Plan> = {}) =>
    updateStack(p, program(), { ...(p.found.plan as Plan), ...plan });
  const failing = (error: Error) => {
    p.ports.engine.up = () => Promise.reject(error);
  };
  const last = () => w.ledger.written.at(-1)?.event;

  describe("when it is planned", () => {
    const planning = (...operations: Operation[]) => {
      const changes = operations.map((operation) => ({ urn: "u", type: "t", operation, properties: [] }));
      p.ports.engine.preview = async () => ({ ...(p.found.plan as Plan), changes });
      return planFor(p, program());
    };

    it("may have nothing to do, or create some of it", async () => {
      expect((await planning()).changes).to.deep.equal([]);
      expect((await planning("create", "same")).changes).to.have.length(2);
    });

    it("is taken for lost where all of it would be created although something runs", async () => {
      await refused("state-lost", planning("create", "create"));
    });

    it("may create all of it where nothing runs", async () => {
      p.found.previous = undefined;
      expect((await planning("create")).changes).to.have.length(1);
    });
  });

  it("is recorded with how long it took, well or not", async () => {
    await update();
    expect(last()).to.include({ type: "stack-updated", ms: 20_000, failure: null });
    failing(new Error("the role cannot be assumed"));
    await update().catch(() => {});
    expect(last()).to.include({ type: "stack-updated", ms: 0, failure: "the role cannot be assumed" });
  });

  describe("when its process stood still after the intent was recorded", () => {
    const HALF = 30_000;
    const standStill = (ms: number) => {
      const { append } = p.ports.ledger;
      p.ports.ledger.append = async (...given) => {
        const entry = await append(...given);
        p.ports.ledger.append = append;
        await w.clock.sleep(ms);
        return entry;
      };
    };
    const updates = () => w.engine.did.filter((did) => did.startsWith("up ")).length;

    it("is left alone if somebody has the lease by now", async () => {
      const before = updates();
      standStill(HALF + 1);
      w.clock.after(1, () => void w.unlock("it hangs"));
      await refused("lease-lost", update());
      expect(updates()).to.equal(before);
    });

    it("is updated if the lease is still there", async () => {
      standStill(HALF + 1);
      await update();
      expect(last()).to.include({ type: "stack-updated", failure: null });
    });
  });

  it("tells what the engine said where nothing was left undecided", async () => {
    failing(new Error("the role cannot be assumed"));
    for (const plan of [{ pending: undefined }, { pending: [] }]) {
      const error = await update(plan).catch((reason) => reason);
      expect(error.message).to.equal("the role cannot be assumed");
    }
  });

  it("tells of what was left undecided only where that may be the cause", async () => {
    failing(problem("plan-stale", { environment: "trial" }));
    await refused("plan-stale", update({ pending }));
    failing(new Error("it exists"));
    await refused("pending-operations", update({ pending }));
    p.stop(new Error("SIGINT"));
    const error = await update({ pending }).catch((reason) => reason);
    expect(error.message, "an interrupt is an interrupt").to.equal("it exists");
  });

  it("is unfinished by the record of the promotion that was at it, and of no other", () => {
    const entry = (promotionId: string, event: LedgerEvent) => ({
      sequence: 1,
      promotionId,
      at: "",
      event,
      previous: "",
      hash: "",
    });
    const intended = (sha: string): LedgerEvent => ({ type: "stack-intended", sha });
    const updated: LedgerEvent = { type: "stack-updated", sha: "a", ms: 1, failure: null };
    expect(unfinishedUpdate([entry("1", intended("a")), entry("2", updated)], "1")).to.equal("a");
    expect(unfinishedUpdate([entry("1", intended("a")), entry("1", updated)], "1")).to.equal(undefined);
    expect(unfinishedUpdate([entry("2", intended("a"))], "1")).to.equal(undefined);
  });
});
