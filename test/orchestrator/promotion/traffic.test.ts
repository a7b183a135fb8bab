import { expect } from "chai";
import type { RunningRelease } from "../../../orchestrator/promotion/events.ts";
import { moveTraffic, restoreTraffic, trafficLines } from "../../../orchestrator/promotion/traffic.ts";
import { refused } from "../../contracts/refused.ts";
import { ill } from "../../fakes/probes.ts";
import { type Reached, reached } from "../../fakes/reached.ts";
import { type World, world } from "../../fakes/world.ts";

describe("the traffic of a promotion", () => {
  let w: World;
  let first: string;
  let at: Reached;
  let old: RunningRelease;
  let published: RunningRelease;

  beforeEach(async () => {
    w = world();
    first = await w.settled();
    at = await reached(w, "shift");
    if (!at.p.found.previous || !at.p.found.published) throw new Error("nothing was published");
    old = at.p.found.previous;
    published = at.p.found.published;
  });

  const events = () => w.ledger.written.map(({ event }) => event);
  const routesWritten = () => w.traffic.written.length;

  it("is shared between the old release and the new one, for all functions", async () => {
    await moveTraffic(at.p, published, 25);
    expect(w.share(at.sha)).to.equal(0.25);
    expect(w.share(first)).to.equal(0.75);
  });

  it("is intended in the ledger before it moves, and recorded after", async () => {
    const seen: string[] = [];
    const { route } = w.traffic;
    at.p.ports.traffic.route = async (...given) => {
      seen.push(events().at(-1)?.type ?? "");
      return route(...given);
    };
    await moveTraffic(at.p, published, 100);
    expect(seen).to.deep.equal(["traffic-intended", "traffic-intended"]);
    const to = { "trial-dashboard": { version: "2" }, "trial-ingestion": { version: "2" } };
    expect(events().at(-1)).to.deep.include({ type: "traffic-moved", to });
  });

  it("does not move in an environment where the intention could not be recorded", async () => {
    await w.ledger.release(at.p.lease ?? { fence: 0, promotionId: "" });
    await refused("lease-lost", moveTraffic(at.p, published, 100));
    expect(routesWritten()).to.equal(0);
  });

  it("is not written again where it is as it should be", async () => {
    await moveTraffic(at.p, published, 100);
    const before = routesWritten();
    await moveTraffic(at.p, published, 100);
    expect(routesWritten()).to.equal(before);
  });

  it("goes wholly to the first release, which shares with nobody", async () => {
    at.p.found.previous = undefined;
    await moveTraffic(at.p, published, 10);
    expect(w.share(at.sha)).to.equal(1);
  });

  it("is not forced forward against somebody else who changes an alias", async () => {
    w.traffic.meddle("trial-dashboard");
    await refused("route-changed", moveTraffic(at.p, published, 100));
  });

  it("stands still before a failed move is told: no late write can undo the way back", async () => {
    w.traffic.meddle("trial-dashboard");
    const { route } = w.traffic;
    at.p.ports.traffic.route = async (functionName, ...given) => {
      if (functionName === "trial-ingestion") await w.clock.sleep(3_000);
      return route(functionName, ...given);
    };
    await refused("route-changed", moveTraffic(at.p, published, 100));
    expect(w.lambda.share("trial-ingestion", at.sha), "the slow write is over").to.equal(1);
  });

  describe("on the way back", () => {
    beforeEach(async () => {
      await moveTraffic(at.p, published, 50);
    });

    it("is given back whole, and that is recorded", async () => {
      await restoreTraffic(at.p, old);
      expect(w.share(first)).to.equal(1);
      expect(events().at(-1)).to.include({ type: "traffic-restored", sha: first });
    });

    it("wins a race with somebody else who changes an alias", async () => {
      w.traffic.meddle("trial-dashboard", 3);
      await restoreTraffic(at.p, old);
      expect(w.share(first)).to.equal(1);
    });

    it("tries a write that failed again", async () => {
      w.traffic.failNextRoute("Rate exceeded");
      await restoreTraffic(at.p, old);
      expect(w.share(first)).to.equal(1);
    });

    it("gives up after a while, rather than race for ever", async () => {
      w.traffic.meddle("trial-dashboard", 1_000);
      await refused("route-changed", restoreTraffic(at.p, old));
    });

    const unproved: [what: string, code: string, spoil: () => void][] = [
      [
        "Lambda reports other code",
        "digest-mismatch",
        () => {
          const version = w.lambda.version("trial-ingestion", "1");
          if (version) version.codeSha256 = "other";
        },
      ],
      ["the health is bad", "unhealthy", () => w.probes.answer(() => ill)],
      ["another release answers", "unhealthy", () => w.probes.answer(() => ({ version: "another" }))],
    ];
    for (const [what, code, spoil] of unproved)
      it(`is not proved when ${what}`, async () => {
        spoil();
        await refused(code, restoreTraffic(at.p, old));
        expect(events().map(({ type }) => type)).not.to.include("traffic-restored");
      });
  });

  it("is told by function, version, SHA and share", async () => {
    await moveTraffic(at.p, published, 25);
    expect(await trafficLines(at.p, published)).to.deep.equal(
      ["dashboard", "ingestion"].flatMap((name) => [
        { function: name, version: "1", sha: first, weight: 0.75 },
        { function: name, version: "2", sha: at.sha, weight: 0.25 },
      ]),
    );
  });
});
