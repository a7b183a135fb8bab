import { expect } from "chai";
import { problem } from "../../../orchestrator/problems.ts";
import type { PublishedFunction, RunningRelease } from "../../../orchestrator/promotion/events.ts";
import {
  moveTraffic,
  restoreTraffic,
  sayTraffic,
  trafficLines,
} from "../../../orchestrator/promotion/traffic.ts";
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

  it("counts as moved when only the answer was lost", async () => {
    const { route } = w.traffic;
    at.p.ports.traffic.route = async (...given) => {
      await route(...given);
      throw new Error("socket hang up");
    };
    await moveTraffic(at.p, published, 100);
    expect(w.share(at.sha)).to.equal(1);
    expect(events().at(-1)?.type).to.equal("traffic-moved");
  });

  it("throws what the write threw when the alias reads otherwise", async () => {
    at.p.ports.traffic.route = () => Promise.reject(new Error("Rate exceeded"));
    const error = await moveTraffic(at.p, published, 100).catch((reason) => reason);
    expect(error.message).to.equal("Rate exceeded");
  });

  it("does not believe an answer that is not what was asked for", async () => {
    at.p.ports.traffic.route = async (functionName) => w.traffic.read(functionName);
    const error = await refused("route-changed", moveTraffic(at.p, published, 100));
    expect(error.message).to.contain("trial-dashboard");
  });

  it("is written where only the version that shares it differs", async () => {
    for (const name of w.lambda.names()) {
      w.lambda.publish(name, { codeSha256: "yet another", sha: "yet another" });
      w.lambda.point(name, { version: "1", canary: { version: "3", weight: 0.25 } });
    }
    await moveTraffic(at.p, published, 25);
    expect(w.share(at.sha)).to.equal(0.25);
  });

  it("goes wholly to a function that is new: there is nothing to share with", async () => {
    at.p.found.previous = { ...old, functions: { dashboard: old.functions.dashboard as PublishedFunction } };
    await moveTraffic(at.p, published, 25);
    expect(w.lambda.share("trial-dashboard", at.sha)).to.equal(0.25);
    expect(w.lambda.share("trial-ingestion", at.sha)).to.equal(1);
  });

  it("is recorded with how long it took, there and back", async () => {
    const { route } = w.traffic;
    at.p.ports.traffic.route = async (...given) => {
      await w.clock.sleep(3_000);
      return route(...given);
    };
    await moveTraffic(at.p, published, 100);
    expect(events().at(-1)).to.include({ type: "traffic-moved", ms: 3_000 });
    await restoreTraffic(at.p, old);
    expect(events().at(-1)).to.include({ type: "traffic-restored", ms: 3_000 });
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

    it("is not undone by a write that was given up and arrives late", async () => {
      const { revision } = await w.traffic.read("trial-dashboard");
      const late = { version: "1", canary: { version: "2", weight: 0.5 } };
      await w.traffic.route("trial-dashboard", { version: "1" }, revision);
      const given = (await w.traffic.read("trial-dashboard")).revision;
      await restoreTraffic(at.p, old);
      await refused("route-changed", w.traffic.route("trial-dashboard", late, given));
      expect(w.share(first)).to.equal(1);
    });

    it("is written once more when a write was given up, although it reads as it should", async () => {
      const { revision } = await w.traffic.read("trial-dashboard");
      await w.traffic.route("trial-dashboard", { version: "1" }, revision);
      let given = "";
      const { route } = w.traffic;
      at.p.ports.traffic.route = async (functionName, wanted, decidedOn) => {
        if (functionName !== "trial-dashboard" || given) return route(functionName, wanted, decidedOn);
        given = decidedOn;
        throw new Error("socket hang up");
      };
      await restoreTraffic(at.p, old);
      await refused("route-changed", w.traffic.route("trial-dashboard", { version: "2" }, given));
    });

    it("is not written any more once the lease is somebody else's, however often it is tried", async () => {
      const { route } = w.traffic;
      at.p.ports.traffic.route = async () => {
        const held = await w.ledger.held();
        if (held?.holder.promotionId === at.p.id)
          await w.ledger.acquire({ ...held.holder, promotionId: "another" }, 60_000, held);
        throw new Error("socket hang up");
      };
      await refused("lease-lost", restoreTraffic(at.p, old));
      at.p.ports.traffic.route = route;
      expect(w.share(at.sha), "the traffic is the new holder's").to.equal(0.5);
    });

    it("goes by the aliases as they were while the lease was ours: what stood still meanwhile is refused", async () => {
      const { append } = w.ledger;
      at.p.ports.ledger.append = async (...given) => {
        const entry = await append(...given);
        // The process stands still here, and somebody else takes over and writes every alias.
        for (const name of w.lambda.names()) w.lambda.point(name, { version: "1" });
        return entry;
      };
      await refused("route-changed", moveTraffic(at.p, published, 100));
      expect(w.share(first)).to.equal(1);
    });

    it("is written once when only the answer was lost", async () => {
      const { route } = w.traffic;
      const before = routesWritten();
      at.p.ports.traffic.route = async (...given) => {
        await route(...given);
        throw new Error("socket hang up");
      };
      await restoreTraffic(at.p, old);
      expect(routesWritten() - before).to.equal(w.lambda.names().length);
    });

    it("does not believe an answer that is not what was asked for, and names the function", async () => {
      at.p.ports.traffic.route = async () => ({ version: "2", revision: "some" });
      const error = await refused("route-changed", restoreTraffic(at.p, old));
      expect(error.message).to.contain("trial-dashboard");
    });

    const hiccuping = (error: Error) => {
      let times = 0;
      at.p.ports.ledger.append = async () => {
        times++;
        throw error;
      };
      return () => times;
    };

    it("is not begun when the ledger fails for good", async () => {
      const times = hiccuping(new Error("Rate exceeded"));
      const error = await restoreTraffic(at.p, old).catch((reason) => reason);
      expect(error.message).to.equal("Rate exceeded");
      expect(times()).to.equal(5);
      expect(w.share(at.sha)).to.equal(0.5);
    });

    it("does not ask the ledger twice when the lease is lost", async () => {
      const times = hiccuping(problem("lease-lost", { environment: "trial" }));
      await refused("lease-lost", restoreTraffic(at.p, old));
      expect(times()).to.equal(1);
    });

    it("is intended once when the intent was given up and arrived a little later", async () => {
      const { append } = w.ledger;
      let given = 0;
      at.p.ports.ledger.append = async (...args) => {
        if (given++ > 0) return append(...args);
        w.clock.after(300, () => void append(...args));
        throw new Error("socket hang up");
      };
      const before = events().filter(({ type }) => type === "traffic-intended").length;
      await restoreTraffic(at.p, old);
      expect(events().filter(({ type }) => type === "traffic-intended")).to.have.length(before + 1);
      expect(w.share(first)).to.equal(1);
    });

    it("is intended once when the intent arrived while the process stood still over the ledger's answer", async () => {
      const { append, entries } = w.ledger;
      let given = 0;
      at.p.ports.ledger.append = async (...args) => {
        if (given++ > 0) return append(...args);
        w.clock.after(30_000, () => void append(...args));
        throw new Error("socket hang up");
      };
      let asked = 0;
      at.p.ports.ledger.entries = async () => {
        const read = await entries();
        if (++asked === 2) await w.clock.sleep(60_000);
        return read;
      };
      const before = events().filter(({ type }) => type === "traffic-intended").length;
      await restoreTraffic(at.p, old);
      expect(events().filter(({ type }) => type === "traffic-intended")).to.have.length(before + 1);
      expect(w.share(first)).to.equal(1);
    });

    it("is tried again when the ledger hiccups", async () => {
      const { append } = w.ledger;
      let hiccups = 2;
      at.p.ports.ledger.append = async (...given) => {
        if (hiccups-- > 0) throw new Error("Rate exceeded");
        return append(...given);
      };
      await restoreTraffic(at.p, old);
      expect(w.share(first)).to.equal(1);
    });

    it("gives up after a while, rather than race for ever", async () => {
      w.traffic.meddle("trial-dashboard", 1_000);
      await refused("route-changed", restoreTraffic(at.p, old));
    });

    const oneFromAnother = () => {
      let left = 1;
      w.probes.answer(() => (left-- > 0 ? { version: "another" } : undefined));
    };
    const failing = (times: number) => {
      let left = times;
      w.probes.answer(() => (left-- > 0 ? ill : undefined));
    };

    it("is proved although one health request fails: that may be the network's", async () => {
      failing(1);
      await restoreTraffic(at.p, old);
      expect(events().at(-1)?.type).to.equal("traffic-restored");
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
      [
        "the version is gone",
        "digest-mismatch",
        () => {
          at.p.ports.traffic.codeSha256 = async () => undefined;
        },
      ],
      ["the health is bad", "unhealthy", () => w.probes.answer(() => ill)],
      ["a health request fails three times", "unhealthy", () => failing(7)],
      ["another release answers", "unhealthy", () => w.probes.answer(() => ({ version: "another" }))],
    ];
    it("is proved when the other release answers once more, before the alias has reached all of Lambda", async () => {
      oneFromAnother();
      await restoreTraffic(at.p, old);
      expect(events().map(({ type }) => type)).to.include("traffic-restored");
    });

    for (const [what, code, spoil] of unproved)
      it(`is not proved when ${what}`, async () => {
        spoil();
        const error = await refused(code, restoreTraffic(at.p, old));
        if (code === "digest-mismatch") expect(error.message).to.match(/found (other|nothing)$/);
        expect(events().map(({ type }) => type)).not.to.include("traffic-restored");
      });
  });

  it("is said in words, also where it is shared or cannot be read", async () => {
    await moveTraffic(at.p, published, 25);
    const { read } = w.traffic;
    w.traffic.read = async (name) => {
      if (name === "trial-ingestion") throw new Error("Rate exceeded");
      return read(name);
    };
    expect(await sayTraffic(w.traffic, w.ledger.written)).to.equal(
      `dashboard 75 % on ${first.slice(0, 7)} (version 1) and 25 % on ${at.sha.slice(0, 7)} (version 2), ingestion not readable (Rate exceeded)`,
    );
    expect(await sayTraffic(w.traffic, [])).to.equal("none, for nothing was published");
    w.traffic.read = read;
    for (const name of w.lambda.names()) {
      w.lambda.publish(name, { codeSha256: "by hand", sha: "by hand" });
      w.lambda.point(name, { version: "3" });
    }
    expect(await sayTraffic(w.traffic, w.ledger.written)).to.equal(
      "dashboard 100 % on an unknown release (version 3), ingestion 100 % on an unknown release (version 3)",
    );
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

  it("is told in one line a function where it is not shared", async () => {
    await moveTraffic(at.p, published, 100);
    expect(await trafficLines(at.p, published)).to.deep.equal(
      ["dashboard", "ingestion"].map((name) => ({ function: name, version: "2", sha: at.sha, weight: 1 })),
    );
  });
});
