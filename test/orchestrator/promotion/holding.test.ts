import { expect } from "chai";
import { holds } from "../../../orchestrator/promotion/history.ts";
import { hold, releaseHold } from "../../../orchestrator/promotion/holding.ts";
import { refused } from "../../contracts/refused.ts";
import { expectInOrder } from "../../fakes/invariants.ts";
import { type World, world } from "../../fakes/world.ts";

const COLLEAGUE = { who: "a colleague", host: "a laptop", run: "process 7", promotionId: "another" };

describe("a hold", () => {
  let w: World;

  beforeEach(() => {
    w = world();
  });

  const asking = (waitMs = 0) => w.compose({ waitMs }).p;
  const standing = async () => holds(await w.ledger.entries(), w.clock.now());
  const audit = { sha: null, because: "the audit", until: null };

  it("is recorded with who, why and until when, and the lease is given back", async () => {
    const until = new Date("2030-01-03T00:00:00Z");
    await hold(asking(), { ...audit, until });
    expect(await standing()).to.deep.equal([
      {
        sha: null,
        because: "the audit",
        who: "somebody",
        until: until.toISOString(),
        since: "2030-01-01T00:00:00.000Z",
      },
    ]);
    expect(await w.ledger.held()).to.equal(undefined);
  });

  it("is not recorded while somebody changes the environment, who is named", async () => {
    await w.ledger.acquire(COLLEAGUE, 60_000);
    const error = await refused("lease-taken", hold(asking(), audit));
    expect(error.message).to.contain("a colleague on a laptop");
    expect(w.ledger.written).to.deep.equal([]);
    expect((await w.ledger.held())?.holder).to.deep.equal(COLLEAGUE);
  });

  it("waits for the lease where it is told to", async () => {
    const answer = await w.ledger.acquire(COLLEAGUE, 60_000);
    w.clock.after(20_000, () => answer.acquired && void w.ledger.release(answer.lease));
    await hold(asking(30_000), audit);
    expect(await standing()).to.have.length(1);
  });

  it("gives the lease back when it cannot be recorded", async () => {
    const { p } = w.compose({}, { befalls: ({ method }) => (method === "append" ? "fails" : undefined) });
    expect(await hold(p, audit).catch((error: Error) => error.message)).to.contain("append");
    expect(await w.ledger.held()).to.equal(undefined);
  });

  it("of the environment refuses promotions, says who, why and until when, and records nothing else", async () => {
    const first = await w.settled();
    await hold(asking(), { ...audit, until: new Date("2030-01-03T00:00:00Z") });
    const conclusion = await w.promote(await w.release("second"));
    expect(conclusion.outcome).to.equal("refused");
    expect(conclusion.reason?.code).to.equal("held");
    expect(conclusion.reason?.message)
      .to.contain("by somebody")
      .and.to.contain("the audit")
      .and.to.contain("until 2030-01-03");
    expect(conclusion.reason?.remedy).to.contain("--override hold").and.to.contain("npm run release-hold");
    expect(w.share(first)).to.equal(1);
    await expectInOrder(w, conclusion);
  });

  it("of the environment never stops taking back", async () => {
    const first = await w.settled();
    await w.promote(await w.release("second"));
    await hold(asking(), audit);
    const conclusion = await w.rollback();
    expect(conclusion.outcome).to.equal("promoted");
    expect(w.share(first)).to.equal(1);
    await expectInOrder(w, conclusion);
  });

  it("of the environment does not stop the clearing up after a run that died either", async () => {
    const first = await w.settled();
    const second = await w.release("second");
    await w.promoteUntilDeath(second, ({ port, method }) =>
      port === "validation" && method === "run" ? "dies" : undefined,
    );
    const dead = await w.ledger.held();
    await w.ledger.release({ fence: dead?.fence ?? 0, promotionId: "" });
    await hold(asking(), audit);
    expect(w.share(second)).to.equal(1);
    const conclusion = await w.promote(second);
    expect(conclusion.reason?.code).to.equal("held");
    expect(w.share(first)).to.equal(1);
  });

  it("of a release refuses nothing", async () => {
    const first = await w.settled();
    await hold(asking(), { sha: first, because: "evidence", until: null });
    expect((await w.promote(await w.release("second"))).outcome).to.equal("promoted");
  });

  it("ends by itself at its time", async () => {
    await w.settled();
    await hold(asking(), { ...audit, until: new Date(w.clock.now().getTime() + 60_000) });
    const second = await w.release("second");
    expect((await w.promote(second)).reason?.code).to.equal("held");
    await w.clock.sleep(60_000);
    expect((await w.promote(second)).outcome).to.equal("promoted");
  });

  it("is released by whoever says why, and then stands in nobody's way", async () => {
    await w.settled();
    await hold(asking(), audit);
    expect(await releaseHold(asking(), { sha: null, because: "it is over" })).to.include({
      because: "the audit",
    });
    expect(w.ledger.written.at(-1)?.event).to.deep.equal({
      type: "hold-released",
      sha: null,
      because: "it is over",
      who: "somebody",
    });
    expect((await w.promote(await w.release("second"))).outcome).to.equal("promoted");
  });

  it("that is not there cannot be released, and nothing is recorded", async () => {
    const first = await w.settled();
    await hold(asking(), { sha: first, because: "evidence", until: null });
    const before = w.ledger.written.length;
    await refused("not-held", releaseHold(asking(), { sha: null, because: "it is over" }));
    expect(w.ledger.written).to.have.length(before);
    expect(await w.ledger.held()).to.equal(undefined);
  });
});
