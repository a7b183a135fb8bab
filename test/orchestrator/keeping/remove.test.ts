import { expect } from "chai";
import { removeReleases } from "../../../orchestrator/keeping/remove.ts";
import type { Entry } from "../../../orchestrator/promotion/events.ts";
import { loadRelease } from "../../../orchestrator/release/load.ts";
import { attestationKey, manifestKey } from "../../../orchestrator/release/manifest.ts";
import { refused } from "../../contracts/refused.ts";
import { type KeepingWorld, keepingWorld } from "../../fakes/keeping.ts";
import type { Call, Fault } from "../../fakes/process.ts";
import { shaNamed } from "../../fakes/release.ts";
import { nameOf, STAY, twoHundredDays } from "../../fakes/two-hundred.ts";

const DAYS = Array.from({ length: 200 }, (_, day) => day);

/** The versions that are there, as the names of the releases that they are of. */
function versionsLeft(w: KeepingWorld, functionName: string): string[] {
  const names = new Map(DAYS.map((day) => [shaNamed(nameOf(day)), nameOf(day)]));
  const shas = w.lambda.versions(functionName).map((version) => w.lambda.version(functionName, version)?.sha);
  return shas.map((sha) => names.get(sha ?? "") ?? "nobody");
}

describe("gc over two hundred releases", () => {
  let w: KeepingWorld;

  beforeEach(async () => {
    w = keepingWorld();
    await twoHundredDays(w);
  });

  it("removes exactly what the rules say, whole, and nothing of what stays", async () => {
    const { removed, kept } = await w.gc();
    const goes = DAYS.filter((day) => !STAY.has(day));
    expect(removed.map(({ sha }) => sha).sort()).to.deep.equal(
      goes.map((day) => shaNamed(nameOf(day))).sort(),
    );
    expect(kept.map(({ sha }) => sha).sort()).to.deep.equal(
      [...STAY].map((day) => shaNamed(nameOf(day))).sort(),
    );
    for (const day of DAYS) {
      const left = [...w.store.objects.keys()].filter((key) => key.includes(shaNamed(nameOf(day))));
      if (STAY.has(day)) expect(w.isWhole(nameOf(day)), nameOf(day)).to.equal(true);
      else expect(left, nameOf(day)).to.deep.equal([]);
    }
  });

  it("removes the versions of what goes, and no others", async () => {
    const before = versionsLeft(w, "trial-dashboard");
    expect(before).to.include.members([nameOf(0), nameOf(15), nameOf(10), nameOf(50)]);
    await w.gc();
    // The last one is day 30's again: it was promoted twice.
    expect(versionsLeft(w, "trial-dashboard")).to.deep.equal([30, 60, 70, 80, 90, 100, 12, 30].map(nameOf));
    for (const name of w.lambda.names()) {
      const { version } = w.lambda.live(name);
      expect(w.lambda.version(name, version)?.sha, "what has the traffic").to.equal(shaNamed(nameOf(30)));
    }
  });

  it("does what its dry run said, which itself changes nothing", async () => {
    const before = w.left();
    const said = await w.plan();
    expect(w.left()).to.deep.equal(before);
    expect(await w.ledger.held()).to.equal(undefined);
    expect(await w.gc()).to.deep.equal(said);
    expect(w.versions.removed.sort()).to.deep.equal(
      said.removed
        .flatMap(({ versions }) => versions.map((each) => `${each.functionName}:${each.version}`))
        .sort(),
    );
  });

  it("finds nothing more to do afterwards, and says nothing of it", async () => {
    await w.gc();
    const entries = w.ledger.written.length;
    const left = w.left();
    expect((await w.gc()).removed).to.deep.equal([]);
    expect(w.ledger.written).to.have.length(entries);
    expect(w.left()).to.deep.equal(left);
  });

  it("keeps the evidence of what it removed", async () => {
    const key = attestationKey(shaNamed(nameOf(0)), "trial-validated");
    await w.store.put(key, Buffer.from("signed"));
    await w.gc();
    expect([...w.store.objects.keys()].filter((each) => each.includes(shaNamed(nameOf(0))))).to.deep.equal([
      key,
    ]);
    expect((await w.plan()).removed).to.deep.equal([]);
  });

  it("leaves alone what is of no release", async () => {
    await w.store.put("notes/readme.txt", Buffer.from("a person's"));
    await w.gc();
    expect(w.store.objects.has("notes/readme.txt")).to.equal(true);
  });

  it("says in the ledger what it is about to remove, and what it removed", async () => {
    const { removed } = await w.gc();
    const told = (type: string) =>
      w.ledger.written.flatMap(({ event }) => (event.type === type && "shas" in event ? [event] : []));
    const shas = removed.map(({ sha }) => sha);
    for (const type of ["removal-intended", "releases-removed"]) {
      expect(
        told(type).flatMap((event) => event.shas),
        type,
      ).to.deep.equal(shas);
      expect(
        told(type).flatMap((event) => event.versions),
        type,
      ).to.deep.equal(removed.flatMap(({ versions }) => versions));
      // An entry must fit into one item of a table.
      expect(Math.max(...told(type).map((event) => event.shas.length))).to.be.at.most(50);
    }
  });
});

describe("gc", () => {
  /** A few releases: a, b and c are to go, the others stay. */
  async function fewReleases(): Promise<KeepingWorld> {
    const w = keepingWorld({ keepReleases: 2 });
    for (const name of ["a", "b", "c", "d", "e"]) await w.arrives(name);
    for (const name of ["a", "b"]) await w.promoted(name);
    await w.rolledBack("c", false);
    for (const name of ["d", "e"]) await w.promoted(name);
    await w.passes(100);
    await w.arrives("f");
    return w;
  }
  const GO = ["a", "b", "c"];
  const STAY_WHOLE = ["d", "e", "f"];

  it("is refused while somebody else changes the environment", async () => {
    const w = await fewReleases();
    const left = w.left();
    const theirs = await w.ledger.acquire(w.holder("theirs"), 60_000);
    const run = w.gcOf(w);
    run.order.waitMs = 0;
    await refused("lease-taken", removeReleases(run));
    expect(w.left()).to.deep.equal(left);
    expect(theirs.acquired).to.equal(true);
  });

  it("gives the lease back, also when it failed", async () => {
    const w = await fewReleases();
    const { end } = await w.gcThat(({ method }) => (method === "remove" ? "fails" : undefined));
    expect(end).to.include({ code: "removal-failed" });
    expect((end as Error).message).to.contain("0 of 3 releases were removed from trial");
    expect(await w.ledger.held()).to.equal(undefined);
    expect(w.ledger.written.at(-1)?.event).to.deep.include({
      type: "releases-removed",
      shas: [],
      versions: [],
    });
  });

  it("says how far it came, also when it is the ledger that fails", async () => {
    const appends = async (nth: number) => {
      const w = await fewReleases();
      let count = 0;
      const { end } = await w.gcThat(({ method }) =>
        method === "append" && ++count === nth ? "fails" : undefined,
      );
      expect(end).to.include({ code: "removal-failed" });
      return (end as Error).message;
    };
    expect(await appends(1)).to.contain("0 of 3 releases were removed");
    expect(await appends(2)).to.contain("3 of 3 releases were removed");
  });

  it("removes nothing when the ledger was changed by hand", async () => {
    const w = await fewReleases();
    const left = w.left();
    const entry = w.ledger.written[2] as Entry;
    w.ledger.written[2] = { ...entry, at: "2031-01-01T00:00:00.000Z" };
    await refused("chain-broken", w.gc());
    expect(w.left()).to.deep.equal(left);
  });

  it("stops where it is when it is told to, and says how far it came", async () => {
    const w = await fewReleases();
    const run = w.gcOf(w);
    const stopping = new AbortController();
    const remove = w.store.remove;
    let calls = 0;
    run.signal = stopping.signal;
    run.ports = {
      ...run.ports,
      store: {
        ...w.store,
        remove: async (key) => {
          if (++calls === 4) stopping.abort(new Error("SIGINT"));
          await remove(key);
        },
      },
    };
    await refused("removal-failed", removeReleases(run));
    expect(calls).to.equal(4);
    expect(w.ledger.written.at(-1)?.event).to.include({ type: "releases-removed", failure: "SIGINT" });
    await w.gc();
    expect(GO.filter((name) => w.isWhole(name))).to.deep.equal([]);
  });

  it("removes nothing when it is told to stop while it waits for the lease, or before it begins", async () => {
    for (const held of [true, false]) {
      const w = await fewReleases();
      const left = w.left();
      if (held) await w.ledger.acquire(w.holder("theirs"), 60_000);
      const entries = w.ledger.written.length;
      const run = { ...w.gcOf(w), signal: AbortSignal.abort(new Error("SIGINT")) };
      const error = await refused("removal-failed", removeReleases(run));
      expect(error.message).to.contain("SIGINT");
      expect(w.left()).to.deep.equal(left);
      expect(w.ledger.written).to.have.length(entries);
    }
  });

  it("refuses whoever reads a release from elsewhere while it is removed: incomplete, or not there", async () => {
    const w = await fewReleases();
    const sha = shaNamed("a");
    const overtaken = (before: number) => {
      let reads = 0;
      const get = async (key: string) => {
        if (++reads === before) await w.gc();
        return await w.store.get(key);
      };
      return loadRelease([{ ...w.store, get }], sha);
    };
    await refused("release-incomplete", overtaken(2));
    const later = await fewReleases();
    await later.gc();
    await refused("release-not-found", loadRelease([later.store], sha));
  });

  it("does not remove the newest version, nor one that belongs to no release that is known", async () => {
    const w = await fewReleases();
    const strange = w.lambda.publish("trial-dashboard", { codeSha256: "by hand", sha: "nobody" });
    w.lambda.publish("trial-dashboard", { codeSha256: "by hand too", sha: "nobody" });
    await w.gc();
    expect(w.lambda.versions("trial-dashboard")).to.include(strange);
  });

  it("removes a version once, whichever of its releases go", async () => {
    const w = await fewReleases();
    const shared = w.published("c");
    await w.journal("shared", { type: "release-published", release: { ...shared, sha: shaNamed("a") } });
    w.lambda.publish("trial-dashboard", { codeSha256: "later", sha: "later" });
    w.lambda.publish("trial-ingestion", { codeSha256: "later", sha: "later" });
    const { removed } = await w.gc();
    const versions = removed.flatMap((each) =>
      each.versions.map(({ functionName, version }) => `${functionName}:${version}`),
    );
    expect(versions)
      .to.have.length(new Set(versions).size)
      .and.to.include(`trial-dashboard:${shared.functions.dashboard?.version}`);
  });

  it("keeps a version that the stack published again for code that stays", async () => {
    const w = keepingWorld({ keepReleases: 2 });
    for (const name of ["a", "b", "c"]) await w.arrives(name);
    await w.promoted("a");
    await w.promoted("b");
    await w.rolledBack("c", false);
    const again = w.lambda.latest("trial-dashboard");
    await w.began("a");
    await w.passes(100);
    await w.gc();
    expect(w.lambda.versions("trial-dashboard")).to.include(again);
  });

  it("never removes a version that an alias names, even one of a release that is to go", async () => {
    const w = await fewReleases();
    const [strayed = ""] = w.lambda.versions("trial-ingestion");
    w.lambda.point("trial-ingestion", {
      version: w.lambda.live("trial-ingestion").version,
      canary: { version: strayed, weight: 0.01 },
    });
    const { removed } = await w.gc();
    expect(w.lambda.versions("trial-ingestion")).to.include(strayed);
    expect(
      removed.map(({ sha }) => sha),
      "its release stays with it",
    ).not.to.include(shaNamed("a"));
  });

  describe("interrupted", () => {
    let wanted: ReturnType<KeepingWorld["left"]>;
    let calls: Call[];

    before(async () => {
      const w = await fewReleases();
      ({ calls } = await w.gcThat(() => undefined));
      wanted = w.left();
      expect(GO.filter((name) => w.isWhole(name))).to.deep.equal([]);
      // Of two functions: one version each of a and c, two of b, for taking back c published b's code again.
      expect(w.versions.removed).to.have.length(8);
    });

    for (const fault of ["fails", "fails-after", "dies", "dies-after"] as const satisfies Fault[])
      it(`by a call that ${fault}, whichever it is: leaves nothing that looks whole and is not, and comes to the same end`, async function () {
        this.timeout(60_000);
        expect(calls.length).to.be.greaterThan(25);
        for (const { n, port, method } of calls) {
          const where = `at call ${n}, ${port}.${method}`;
          const w = await fewReleases();
          await w.gcThat((call) => (call.n === n ? fault : undefined));
          for (const name of [...GO, ...STAY_WHOLE])
            if (w.store.objects.has(manifestKey(shaNamed(name))))
              expect(w.isWhole(name), `${name} is whole, ${where}`).to.equal(true);
          for (const name of STAY_WHOLE) expect(w.isWhole(name), `${name} stays, ${where}`).to.equal(true);
          await w.gc();
          expect(w.left(), where).to.deep.equal(wanted);
        }
      });
  });
});
