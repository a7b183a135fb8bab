import { expect } from "chai";
import type { Operation, Plan } from "../../../orchestrator/ports/engine.ts";
import { problem } from "../../../orchestrator/problems.ts";
import type { LedgerEvent, RunningRelease } from "../../../orchestrator/promotion/events.ts";
import type { Promotion } from "../../../orchestrator/promotion/promotion.ts";
import {
  lastUpdate,
  planFor,
  restoreStack,
  updatedTo,
  updateStack,
} from "../../../orchestrator/promotion/stack.ts";
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

  it("keeps what an update before left half-made out of the next plan, by settling it first", async () => {
    w.engine.leavePending(
      { urn: "urn:logs", operation: "creating" },
      { urn: "urn:role", operation: "updating" },
    );
    const plan = await planFor(p, program());
    expect(plan.pending).to.deep.equal([{ urn: "urn:role", operation: "updating" }]);
    const [intended, settled] = w.ledger.written.slice(-2).map(({ event }) => event);
    expect(intended).to.deep.include({ type: "settling-intended", urns: ["urn:logs"] });
    expect(settled).to.deep.include({ type: "settled", adopted: ["urn:logs"], absent: [] });
  });

  it("forgets what was begun and does not exist", async () => {
    w.engine.leavePending({ urn: "urn:logs", operation: "creating" });
    w.engine.absent.add("urn:logs");
    await planFor(p, program());
    expect(last()).to.deep.include({ type: "settled", adopted: [], absent: ["urn:logs"] });
  });

  it("says what is undecided where it cannot be settled, and changes nothing", async () => {
    w.engine.leavePending({ urn: "urn:logs", operation: "creating" });
    w.engine.failNextSettling(new Error("AccessDenied: logs:DescribeLogGroups"));
    await refused("creations-undecided", planFor(p, program()));
    w.engine.failNextSettling(problem("stack-locked", { environment: "trial", said: "locked" }));
    await refused("stack-locked", planFor(p, program()));
  });

  it("is settled by nobody who only looks", async () => {
    w.engine.leavePending({ urn: "urn:logs", operation: "creating" });
    p.lease = undefined;
    expect((await planFor(p, program())).pending).to.have.length(1);
    expect(w.engine.did.filter((did) => did.startsWith("settle"))).to.deep.equal([]);
  });

  describe("when it goes back to an old release", () => {
    const urn = "urn:pulumi:stack::project::aws:dynamodb/table:Table::feed";
    const restored = async () => await restoreStack(p, p.found.wayBack as RunningRelease);

    beforeEach(async () => {
      await update();
      w.engine.alsoPlan({ urn, type: "aws:dynamodb/table:Table", operation: "delete", properties: [] });
    });

    it("leaves what holds data, and says so", async () => {
      expect(await restored()).to.deep.equal([urn]);
      expect(w.engine.kept()).to.deep.equal([urn]);
      expect(last()).to.deep.include({ type: "stack-updated", failure: null, kept: [urn] });
    });

    it("stops at once for whoever is in a hurry, and says of what the stack is", async () => {
      const hurry = new AbortController();
      p.hurry = hurry.signal;
      w.clock.after(8_000, () => hurry.abort(new Error("SIGINT")));
      const error = await restored().catch((reason) => reason);
      expect(error).to.include({ code: "stopped-midway" });
      expect(error.message).to.contain("its stack is partly or wholly of").and.to.contain("SIGINT");
      expect(error.message).to.contain(`all of it on ${p.found.wayBack?.sha}, proved`);
      expect(error.remedy).to.contain("npm run promote").and.to.contain("npm run rollback");
    });

    it("is not begun for whoever is in a hurry already", async () => {
      p.hurry = AbortSignal.abort(new Error("SIGINT"));
      const before = w.engine.did.length;
      await refused("stopped-midway", restored());
      expect(w.engine.did).to.have.length(before);
    });
  });

  it("is as it was, for whoever is in a hurry, where this promotion did not touch it", async () => {
    p.hurry = AbortSignal.abort(new Error("SIGINT"));
    expect(await restoreStack(p, p.found.wayBack as RunningRelease)).to.deep.equal([]);
  });

  describe("by its record", () => {
    const entry = (event: LedgerEvent, sequence: number) => ({
      ...{ sequence, promotionId: String(sequence), at: "", event, previous: "", hash: "" },
    });
    const by = (...events: LedgerEvent[]) => lastUpdate(events.map(entry));
    const whole = (...events: LedgerEvent[]) => updatedTo(events.map(entry));
    const intended: LedgerEvent = { type: "stack-intended", sha: "a" };
    const updated = { type: "stack-updated", sha: "a", ms: 1, failure: null } as const;
    const unlocked: LedgerEvent = { type: "stack-unlocked", because: "it hangs", who: "somebody" };

    it("is whole by the last that went well, whatever came after it", () => {
      const broke = { ...updated, sha: "c", failure: "it broke" };
      const other: LedgerEvent = { type: "step-started", step: "up" };
      expect(whole()).to.equal(undefined);
      expect(whole(other, broke)).to.equal(undefined);
      expect(whole(updated, { ...updated, sha: "b" }, other, broke, intended, other)).to.equal("b");
    });

    it("is unknown where nothing was recorded", () => expect(by()).to.equal(undefined));

    it("may be locked, and is not whole, until its update came to its end", () => {
      expect(by(updated, intended)).to.deep.equal({ sha: "a", whole: false, locked: true });
      expect(by(intended, updated)).to.deep.equal({ sha: "a", whole: true, locked: false });
      expect(by(intended, { ...updated, failure: "no" })).to.deep.equal({
        sha: "a",
        whole: false,
        locked: false,
      });
    });

    it("may be locked after an update that was cut off, until it was unlocked", () => {
      const cutOff: LedgerEvent = { ...updated, failure: "killed", cutOff: true };
      expect(by(intended, cutOff)).to.deep.equal({ sha: "a", whole: false, locked: true });
      expect(by(intended, cutOff, unlocked)).to.deep.equal({ sha: "a", whole: false, locked: false });
      expect(by(intended, unlocked)).to.deep.equal({ sha: "a", whole: false, locked: false });
      expect(by(unlocked, intended)?.locked).to.equal(true);
    });
  });
});
