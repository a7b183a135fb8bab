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

  const judgements = async () =>
    (await w.ledger.entries()).flatMap(({ event }) => (event.type === "judged" ? [event] : []));

  it("tolerates a request that failed now and then, and not six in a row", async () => {
    let failures = 1;
    w.probes.answer(({ how }) => (how === "throughUrl" && failures-- > 0 ? ill : undefined));
    expect(await watch()).to.equal(undefined);
    let more = 6;
    w.probes.answer(({ how, withKey }) => (how === "throughUrl" && withKey && more-- > 0 ? ill : undefined));
    const objection = await watch();
    expect(objection?.code).to.equal("unhealthy");
    expect(objection?.message).to.contain("6 of").and.to.contain("to the URL").and.to.contain("status 500");
  });

  it("goes on after the time until good answers outweigh a bad one, and then has no objection", async () => {
    let failures = 1;
    at(BAKE_MS - 3_000, () =>
      w.probes.answer(({ how, withKey }) =>
        how === "throughUrl" && withKey && failures-- > 0 ? ill : undefined,
      ),
    );
    expect(await watch()).to.equal(undefined);
    expect(took()).to.be.within(BAKE_MS + 100, BAKE_MS + 5_000);
  });

  it("asks every function, and names the one that is not well", async () => {
    w.probes.answer(({ how }) => (how === "ready" ? { ...ill, problem: "no table" } : undefined));
    const objection = await watch();
    expect(objection?.code).to.equal("unhealthy");
    expect(objection?.message).to.contain("to ingestion failed (no table)");
  });

  it("objects at once when a stranger gets an answer", async () => {
    at(10_500, () =>
      w.probes.answer(({ withKey }) => (withKey ? undefined : { ok: false, status: 200, problem: "open" })),
    );
    const objection = await watch();
    expect(objection?.code).to.equal("unhealthy");
    expect(objection?.message).to.contain("status 200 without a key");
    expect(took()).to.be.within(10_500, 12_500);
  });

  it("does not take an outage that strangers and the key's holders see alike for a leak", async () => {
    let failures = 2;
    w.probes.answer(({ how }) => (how === "throughUrl" && failures-- > 0 ? ill : undefined));
    expect(await watch()).to.equal(undefined);
  });

  describe("of one that has another before it", () => {
    let sha: string;

    beforeEach(async () => {
      sha = await w.release("second");
      p.found.previous = release;
      expect((await w.promote(sha)).outcome).to.equal("promoted");
      const ended = (await w.ledger.entries()).at(-1)?.event;
      if (ended?.type !== "promotion-ended" || !ended.running) throw new Error("nothing runs");
      release = ended.running;
      began = w.clock.monotonic();
    });

    it("objects when it takes more than twice the time of the one before", async () => {
      w.probes.answer((asked) => ({ ms: asked.sha === sha ? 330 : 110 }));
      const objection = await watch();
      expect(objection?.code).to.equal("unhealthy");
      expect(objection?.message).to.contain("took more than twice as long");
    });

    it("does not mind a few milliseconds more, however many times as much they are", async () => {
      w.probes.answer((asked) => ({ ms: asked.sha === sha ? 40 : 10 }));
      expect(await watch()).to.equal(undefined);
    });

    it("does not mind that its first answer is slow: it had to start", async () => {
      let first = true;
      w.probes.answer((asked) => {
        if (asked.sha !== sha || asked.how !== "direct" || !first) return undefined;
        first = false;
        return { ms: 3_000 };
      });
      expect(await watch()).to.equal(undefined);
      expect(took()).to.equal(BAKE_MS);
    });

    it("can say nothing when both fail: that is no evidence against it", async () => {
      w.probes.answer(({ how }) => (how === "direct" ? ill : undefined));
      const objection = await watch();
      expect(objection?.code).to.equal("inconclusive");
      expect(objection?.message).to.contain("so do those to the version that ran before");
    });

    it("records the rule and what the verdict rests on", async () => {
      w.probes.answer((asked) => ({ ms: asked.sha === sha ? 20 : 10 }));
      p.lease = undefined;
      const answer = await w.ledger.acquire(p.order.holder, 60_000);
      if (answer.acquired) p.lease = answer.lease;
      await watch();
      const judged = (await judgements()).at(-1);
      expect(judged).to.include({ step: "watch", verdict: "well", because: null, ms: BAKE_MS });
      expect(judged?.rule).to.contain("nearer to 1 % than to 5 %").and.to.contain("for 1 m 0 s");
      expect(judged?.asked.dashboard).to.deep.equal({
        answers: 31,
        bad: 0,
        median: 20,
        p95: 20,
        weight: -1.28,
      });
      expect(judged?.firstBadMs).to.equal(null);
      expect(judged?.alarms).to.deep.equal({ watched: 2, readings: 31, unread: 0, states: {} });
      expect(judged?.asked.before).to.include({ bad: 0, median: 10 });
      expect(Object.keys(judged?.asked ?? {}).sort()).to.deep.equal([
        "before",
        "dashboard",
        "ingestion",
        "users",
      ]);
    });
  });

  it("ends early where that is allowed, as soon as more answers would teach nothing", async () => {
    Object.assign(p.environment.promotion, { endEarly: true, pollEvery: 100 });
    expect(await watch(600_000)).to.equal(undefined);
    expect(took()).to.be.within(10_000, 60_000);
  });

  it("does not end early on an alarm without data, however good the answers are", async () => {
    Object.assign(p.environment.promotion, { endEarly: true, pollEvery: 100 });
    w.alarms.set("trial-dashboard-errors", { state: "INSUFFICIENT_DATA" });
    expect((await watch(BAKE_MS))?.code).to.equal("inconclusive");
  });

  const ALARM = "trial-dashboard-errors";
  const losses: [what: string, lose: (w: World) => void, because: string][] = [
    ["is deleted", (on) => on.alarms.remove(ALARM), "is missing"],
    [
      "is renamed",
      (on) => {
        on.alarms.remove(ALARM);
        on.alarms.set(`${ALARM}-2`);
      },
      "is missing",
    ],
    ["is disabled", (on) => on.alarms.set(ALARM, { enabled: false }), "is disabled"],
    [
      "is changed",
      (on) => on.alarms.set(ALARM, { definition: "over 5,000" }),
      "was changed during the watch",
    ],
  ];
  for (const [what, lose, because] of losses)
    it(`does not wait for the end when an alarm ${what}: it cannot tell any more`, async () => {
      at(20_500, () => lose(w));
      const objection = await watch();
      expect(objection?.code).to.equal("inconclusive");
      expect(objection?.message).to.contain(`the alarm ${ALARM} ${because}`);
      expect(took()).to.be.within(22_500, 24_500);
    });

  it("does not take one reading without an alarm for its loss", async () => {
    at(20_500, () => w.alarms.remove(ALARM));
    at(22_500, () => w.alarms.set(ALARM));
    expect(await watch()).to.equal(undefined);
  });

  it("waits for an alarm without data as long as the patience lasts, and then does not pass", async () => {
    at(BAKE_MS - 5_000, () => w.alarms.set(ALARM, { state: "INSUFFICIENT_DATA" }));
    const objection = await watch();
    expect(objection?.code).to.equal("inconclusive");
    expect(objection?.message).to.contain(`the alarm ${ALARM} is INSUFFICIENT_DATA`);
    expect(took()).to.equal(BAKE_MS + p.environment.promotion.patience);
  });

  it("passes when an alarm without data has some after the time, within the patience", async () => {
    w.alarms.set(ALARM, { state: "INSUFFICIENT_DATA" });
    at(BAKE_MS + 5_050, () => w.alarms.set(ALARM, { state: "OK" }));
    expect(await watch()).to.equal(undefined);
    expect(took()).to.be.within(BAKE_MS + 5_050, BAKE_MS + 5_300);
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
    w.probes.answer(({ how }) => (how === "throughUrl" ? { version: "of another release" } : undefined));
    const objection = await watch();
    expect(objection?.code).to.equal("inconclusive");
    expect(objection?.message).to.contain("of another release");
    expect(await watch(BAKE_MS, false), "in a stage any release may answer").to.equal(undefined);
  });

  it("goes on after a short time until there are answers enough to go by", async () => {
    const asUsers = () => w.probes.asked.filter(({ how, withKey }) => how === "throughUrl" && withKey).length;
    const before = asUsers();
    expect(await watch(0)).to.equal(undefined);
    expect(asUsers() - before).to.equal(3);
    expect(took(), "two short pauses").to.equal(400);
  });

  it("asks no more often than it was told to, also then", async () => {
    p = w.promoting(release.sha, { config: { pollEvery: 50 } }).p;
    expect(await watch(0)).to.equal(undefined);
    expect(took()).to.equal(100);
  });

  const looks = () => w.told.flatMap((told) => (told.type === "look" && told.step === "watch" ? [told] : []));

  it("tells after each look how many answers there are, and how long it goes on", async () => {
    const before = looks().length;
    await watch(4_000);
    const told = looks().slice(before);
    expect(told.map(({ time, asked }) => [time?.leftMs, asked.users?.answers])).to.deep.equal([
      [4_000, 1],
      [2_000, 2],
      [0, 3],
    ]);
    expect(told.at(-1)).to.deep.include({ alarms: { ok: 2, firing: [], noData: [] }, lacks: null });
    expect(told[0]?.lacks).to.equal("only 1 answers through the URL");
  });

  it("tells the look that it ended with, too: what was seen is what was decided on", async () => {
    at(20_500, () => w.alarms.fire("trial-ingestion-errors"));
    await watch();
    expect(looks().at(-1)?.alarms).to.deep.equal({ ok: 1, firing: ["trial-ingestion-errors"], noData: [] });
    w.alarms.failWhile(() => true);
    at(1_000, () => p.stop(new Error("enough")));
    await watch().catch(() => {});
    expect(looks().at(-1)?.alarms).to.equal(null);
  });

  it("records when the first bad answer came, and each change of an alarm's state", async () => {
    const answer = await w.ledger.acquire(p.order.holder, 60_000);
    if (answer.acquired) p.lease = answer.lease;
    at(10_500, () => w.probes.answer(({ how }) => (how === "throughUrl" ? ill : undefined)));
    at(12_500, () => w.alarms.set("trial-dashboard-errors", { state: "INSUFFICIENT_DATA" }));
    at(16_500, () => w.alarms.fire("trial-dashboard-errors"));
    await watch();
    const judged = (await judgements()).at(-1);
    expect(judged?.firstBadMs).to.equal(12_000);
    expect(judged?.alarms?.states).to.deep.equal({
      "trial-dashboard-errors": [
        [0, "OK"],
        [14_000, "INSUFFICIENT_DATA"],
        [18_000, "ALARM"],
      ],
    });
  });

  it("names the last of the failures, in its own words or by its status", async () => {
    const first = { ok: false, status: 500, problem: "the first" };
    const told = [first, first, first, first, first, { ok: false, status: 503, problem: undefined }];
    w.probes.answer(({ how, withKey }) => (how === "throughUrl" && withKey ? told.shift() : undefined));
    expect((await watch())?.message).to.contain("6 of 6 health requests to the URL failed (status 503)");
    told.push(first, first, first, first, first, { ok: false, status: 0, problem: "socket hang up" });
    expect((await watch())?.message).to.contain("(socket hang up)");
  });

  it("is over at once when it is interrupted", async () => {
    const why = new Error("SIGINT");
    at(5_000, () => p.stop(why));
    expect(await watch().catch((error) => error)).to.equal(why);
    expect(took()).to.equal(5_000);
  });
});
