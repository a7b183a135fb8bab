import { expect } from "chai";
import { look } from "../../../orchestrator/steps/look.ts";
import { refused } from "../../contracts/refused.ts";
import { type World, world } from "../../fakes/world.ts";

const COLLEAGUE = { who: "a colleague", host: "a laptop", run: "process 7", promotionId: "another" };

describe("the step look", () => {
  let w: World;
  let first: string;

  beforeEach(async () => {
    w = world();
    first = await w.settled();
  });

  const looking = () => w.promoting(first).p;

  it("knows what runs and the way back, and takes no lease", async () => {
    const p = looking();
    expect(await look.run(p)).to.deep.equal({ outcome: "passed", note: "nobody changes it now" });
    expect(p.found.previous?.sha).to.equal(first);
    expect(p.found.wayBack?.sha).to.equal(first);
    expect(p.lease).to.equal(undefined);
    expect(await w.ledger.held()).to.equal(undefined);
  });

  it("names who has the lease, and leaves it to them", async () => {
    await w.ledger.acquire(COLLEAGUE, 60_000);
    const before = await w.ledger.held();
    const p = looking();
    expect(await look.run(p)).to.deep.equal({
      outcome: "passed",
      note: "a colleague on a laptop changes it now (process 7)",
    });
    expect(p.found.holder).to.deep.equal(COLLEAGUE);
    expect(await w.ledger.held()).to.deep.equal(before);
  });

  it("says that a run died, and goes by what would be there after the clearing up", async () => {
    const second = await w.release("second");
    await w.promoteUntilDeath(second, ({ port, method }) =>
      port === "validation" && method === "run" ? "dies" : undefined,
    );
    const lease = await w.ledger.held();
    await w.ledger.release({ fence: lease?.fence ?? 0, promotionId: "" });
    const p = looking();
    expect(await look.run(p)).to.deep.include({
      note: `${lease?.holder.promotionId} died and would be cleared up first`,
    });
    expect(p.found.previous?.sha).to.equal(first);
  });

  it("believes no ledger whose chain is broken", async () => {
    const [entry] = w.ledger.written;
    if (entry) w.ledger.written[0] = { ...entry, at: "2031-01-01T00:00:00.000Z" };
    await refused("chain-broken", look.run(looking()));
  });
});
