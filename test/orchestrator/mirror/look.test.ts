import { expect } from "chai";
import { driftOf } from "../../../orchestrator/mirror/drift.ts";
import { look } from "../../../orchestrator/mirror/look.ts";
import { trafficDrift } from "../../../orchestrator/mirror/traffic.ts";
import { refused } from "../../contracts/refused.ts";
import { ENVIRONMENT, type World, world } from "../../fakes/world.ts";

const looking = (ports: World, signal = new AbortController().signal) =>
  look({ environment: ENVIRONMENT, ports, signal });

describe("looking at an environment", () => {
  it("finds what the last promotion made, and nothing else", async () => {
    const ports = world();
    const sha = await ports.settled();
    const looked = await looking(ports);
    expect(looked).to.deep.include({ environment: ENVIRONMENT, stackSha: sha, inFlight: null });
    expect(looked.running.sha).to.equal(sha);
    expect(driftOf(looked.survey)).to.deep.equal([]);
    expect(await trafficDrift(ports, looked)).to.deep.equal([]);
  });

  it("writes nothing: not to the ledger, not to the traffic, not to the store", async () => {
    const ports = world();
    await ports.settled();
    const before = [ports.ledger.written.length, ports.traffic.written.length, ports.engine.did.length];
    await trafficDrift(ports, await looking(ports));
    expect([ports.ledger.written.length, ports.traffic.written.length]).to.deep.equal(before.slice(0, 2));
    expect(ports.engine.did.slice(before[2])).to.deep.equal([`survey ${ports.engine.applied()}`]);
    expect(await ports.ledger.held()).to.equal(undefined);
  });

  it("finds what was changed by hand and what was taken away", async () => {
    const ports = world();
    await ports.settled();
    ports.engine.meddle(`${ENVIRONMENT}-dashboard`, { timeout: 99 });
    ports.engine.meddle(`${ENVIRONMENT}-ingestion`, "take it away");
    const found = driftOf((await looking(ports)).survey);
    expect(found.map(({ resource, path }) => [resource.name, path])).to.deep.equal([
      [`${ENVIRONMENT}-dashboard`, "timeout"],
      [`${ENVIRONMENT}-ingestion`, ""],
    ]);
  });

  it("is refused where no release was ever promoted", async () => {
    await refused("never-promoted", looking(world()));
  });

  it("is refused where the engine cannot read", async () => {
    const ports = world();
    await ports.settled();
    ports.engine.survey = async () => {
      throw new Error("AccessDenied: not yours");
    };
    await refused("survey-failed", looking(ports));
  });

  it("is refused where the ledger was changed by hand", async () => {
    const ports = world();
    await ports.settled();
    const [entry] = ports.ledger.written;
    if (entry) ports.ledger.written[0] = { ...entry, at: "2001-01-01T00:00:00.000Z" };
    await refused("chain-broken", looking(ports));
  });
});

describe("looking at an environment while a promotion goes on", () => {
  it("says who runs it, and takes neither its stack nor its weights for drift", async () => {
    const ports = world();
    const before = await ports.settled();
    const next = await ports.release("next");
    const seen: ReturnType<typeof seeing>[] = [];
    async function seeing() {
      const looked = await looking(ports);
      return { looked, drift: [...driftOf(looked.survey), ...(await trafficDrift(ports, looked))] };
    }
    await ports.promote(next, {
      tell(progress) {
        const shifting = progress.type === "look" && progress.step === "shift";
        if (shifting && seen.length === 0) seen.push(seeing());
      },
    });
    const { looked, drift } = (await seen[0]) ?? {};
    expect(looked?.running.sha).to.equal(before);
    expect(looked?.stackSha).to.equal(next);
    expect(looked?.inFlight).to.deep.include({ sha: next, by: "somebody on a host (run 2)" });
    expect(drift).to.deep.equal([]);
  });

  it("says so too of one that began while the stack was read", async () => {
    const ports = world();
    await ports.settled();
    const { survey } = ports.engine;
    const us = { who: "somebody", host: "a host", run: "a run", promotionId: "the next" };
    ports.engine.survey = async (...given) => {
      await ports.ledger.acquire(us, 60_000);
      return await survey(...given);
    };
    expect((await looking(ports)).inFlight).to.deep.equal({
      promotionId: "the next",
      sha: null,
      by: "somebody on a host (a run)",
    });
  });

  it("tells the weights that a dead one left, and which it was", async () => {
    const ports = world();
    const before = await ports.settled();
    const next = await ports.release("next");
    const atTenPercent = () => (ports.share(next) === 0.1 ? ("dies" as const) : undefined);
    expect(await ports.promoteUntilDeath(next, atTenPercent)).to.equal("died");
    const held = await ports.ledger.held();
    const us = { who: "we", host: "here", run: "unlock", promotionId: "unlock" };
    const taken = await ports.ledger.acquire(us, 60_000, held);
    if (taken.acquired) await ports.ledger.release(taken.lease);
    const looked = await looking(ports);
    expect(looked.inFlight).to.deep.equal({ promotionId: held?.holder.promotionId, sha: next, by: null });
    expect(looked.running.sha).to.equal(before);
    const drift = await trafficDrift(ports, looked);
    expect(drift.map(({ found }) => found)).to.deep.equal(
      ["", ""].map(
        () => `90 % on version 1 (${before.slice(0, 7)}), 10 % on version 2 (${next.slice(0, 7)})`,
      ),
    );
  });

  it("tells traffic that somebody moved", async () => {
    const ports = world();
    const before = await ports.settled();
    const next = await ports.release("next");
    await ports.promote(next);
    ports.lambda.point(`${ENVIRONMENT}-dashboard`, { version: "1", canary: { version: "2", weight: 0.25 } });
    const found = await trafficDrift(ports, await looking(ports));
    expect(found.map(({ wanted, found: is }) => [wanted, is])).to.deep.equal([
      [
        `100 % on version 2 (${next.slice(0, 7)})`,
        `75 % on version 1 (${before.slice(0, 7)}), 25 % on version 2 (${next.slice(0, 7)})`,
      ],
    ]);
  });
});
