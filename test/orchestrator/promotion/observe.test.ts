import { expect } from "chai";
import type { RunningRelease } from "../../../orchestrator/promotion/events.ts";
import { observe } from "../../../orchestrator/promotion/observe.ts";
import type { Promotion } from "../../../orchestrator/promotion/promotion.ts";
import { ill } from "../../fakes/probes.ts";
import { type World, world } from "../../fakes/world.ts";

const BAKE_MS = 60_000;

describe("the watch over a release", () => {
  let w: World;
  let p: Promotion;
  let release: RunningRelease;
  let began: number;

  beforeEach(async () => {
    w = world();
    const sha = await w.settled();
    p = w.promoting(sha).p;
    const ended = (await w.ledger.entries()).at(-1)?.event;
    if (ended?.type !== "promotion-ended" || !ended.running) throw new Error("nothing runs");
    release = ended.running;
    began = w.clock.monotonic();
  });

  const watch = (forMs = BAKE_MS, whole = true) => observe(p, { step: "watch", forMs, release, whole });
  const took = () => w.clock.monotonic() - began;
  const at = (ms: number, act: () => void) => w.clock.after(ms, act);

  it("has no objection to a release that is well all the time, and watches all of it", async () => {
    expect(await watch()).to.equal(undefined);
    expect(took()).to.equal(BAKE_MS);
  });

  it("objects to an alarm as soon as it fires, with its name and reason", async () => {
    at(20_500, () => w.alarms.fire("trial-ingestion-errors"));
    const objection = await watch();
    expect(objection?.code).to.equal("unhealthy");
    expect(objection?.message).to.contain("trial-ingestion-errors is in ALARM (threshold crossed)");
    expect(took()).to.be.within(20_500, 22_500);
  });

  it("objects to an alarm of the environment that the release does not name", async () => {
    w.alarms.set("trial-another", { state: "ALARM" });
    expect((await watch())?.code).to.equal("unhealthy");
  });

  it("tolerates one health request that failed, and not two", async () => {
    let failures = 1;
    w.probes.answer(() => (failures-- > 0 ? ill : undefined));
    expect(await watch()).to.equal(undefined);
    failures = 2;
    const objection = await watch();
    expect(objection?.code).to.equal("unhealthy");
    expect(objection?.message).to.contain("2 of").and.to.contain("status 500");
  });

  const lacks: [what: string, lack: (w: World) => void, because: string][] = [
    ["is missing", (on) => on.alarms.remove("trial-dashboard-errors"), "is missing"],
    ["is disabled", (on) => on.alarms.set("trial-dashboard-errors", { enabled: false }), "is disabled"],
    [
      "has no data",
      (on) => on.alarms.set("trial-dashboard-errors", { state: "INSUFFICIENT_DATA" }),
      "is INSUFFICIENT_DATA",
    ],
  ];
  for (const [what, lack, because] of lacks)
    it(`does not pass for want of evidence when an alarm ${what} at the end`, async () => {
      at(BAKE_MS - 5_000, () => lack(w));
      const objection = await watch();
      expect(objection?.code).to.equal("inconclusive");
      expect(objection?.message).to.contain(`the alarm trial-dashboard-errors ${because}`);
      expect(took()).to.equal(BAKE_MS);
    });

  it("does not mind an alarm without data that has some at the end", async () => {
    w.alarms.set("trial-dashboard-errors", { state: "INSUFFICIENT_DATA" });
    at(BAKE_MS / 2, () => w.alarms.set("trial-dashboard-errors", { state: "OK" }));
    expect(await watch()).to.equal(undefined);
  });

  it("does not pass when the alarms cannot be read at the end, though they could before", async () => {
    w.alarms.failWhile(() => took() > BAKE_MS - 5_000);
    const objection = await watch();
    expect(objection?.code).to.equal("inconclusive");
    expect(objection?.message).to.contain("could not be read");
  });

  it("does not mind alarms that cannot be read for a while", async () => {
    w.alarms.failWhile(() => took() > 10_000 && took() < 30_000);
    expect(await watch()).to.equal(undefined);
  });

  it("wants the last answer to be the release's where that has all the traffic", async () => {
    w.probes.answer(() => ({ version: "of another release" }));
    const objection = await watch();
    expect(objection?.code).to.equal("inconclusive");
    expect(objection?.message).to.contain("of another release");
    expect(await watch(BAKE_MS, false), "in a stage any release may answer").to.equal(undefined);
  });

  it("goes on after a short time until there are answers enough to go by", async () => {
    const before = w.probes.asked.length;
    expect(await watch(0)).to.equal(undefined);
    expect(w.probes.asked.length - before).to.equal(3);
    expect(took(), "two short pauses").to.equal(400);
  });

  it("asks no more often than it was told to, also then", async () => {
    p = w.promoting(release.sha, { config: { pollEvery: 50 } }).p;
    expect(await watch(0)).to.equal(undefined);
    expect(took()).to.equal(100);
  });

  it("says after each look how many answers there are, and how long it goes on", async () => {
    await watch(4_000);
    const notes = w.told.flatMap((told) => (told.type === "note" && told.step === "watch" ? told.text : []));
    expect(notes.slice(-2)).to.deep.equal(["1 answers, 4.0 s to go", "2 answers, 2.0 s to go"]);
  });

  it("names the last of the failures, in its own words or by its status", async () => {
    const told = [
      { ok: false, status: 500, problem: "the first" },
      { ok: false, status: 503, problem: undefined },
    ];
    w.probes.answer(() => told.shift());
    expect((await watch())?.message).to.contain("2 of 2 health requests failed (status 503)");
    told.push(
      { ok: false, status: 500, problem: "the first" },
      { ok: false, status: 0, problem: "socket hang up" },
    );
    expect((await watch())?.message).to.contain("(socket hang up)");
  });

  it("is over at once when it is interrupted", async () => {
    const why = new Error("SIGINT");
    at(5_000, () => p.stop(why));
    expect(await watch().catch((error) => error)).to.equal(why);
    expect(took()).to.equal(5_000);
  });
});
