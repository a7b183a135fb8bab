import { expect } from "chai";
import { ill } from "../../fakes/probes.ts";
import type { Call } from "../../fakes/process.ts";
import type { Doing, World } from "../../fakes/world.ts";
import { world } from "../../fakes/world.ts";

const WAITING = { order: { waitMs: 10 * 60_000 } };

/** The process dies at the n-th call of a port's method, before or after its effect. */
function dyingAt(where: string, fault: "dies" | "dies-after", n = 1) {
  let calls = 0;
  return ({ port, method }: Call) => (`${port}.${method}` === where && ++calls === n ? fault : undefined);
}

describe("the notices of a promotion", () => {
  let w: World;
  let first: string;
  let second: string;

  beforeEach(async () => {
    w = world();
    first = await w.settled();
    w.notifier.sent.length = 0;
    second = await w.release("second");
  });

  const subjects = () => w.notifier.sent.map(({ subject }) => subject.replace(/ [0-9a-f]{7} /, " "));
  const names = () => w.notifier.sent.map(({ body }) => /This is notice (\S+)\./.exec(body)?.[1]);
  const body = () => w.notifier.sent.at(-1)?.body ?? "";

  const endings: [ending: string, told: string[], act: () => Promise<unknown>][] = [
    ["promoted", ["trial: promoted"], () => w.promote(second)],
    [
      "promoted, where its beginning is told as well",
      ["trial: is being promoted", "trial: promoted"],
      () => w.promote(second, { config: { tellStart: true } }),
    ],
    ["unchanged", [], () => w.promote(first)],
    [
      "refused",
      [],
      async () => {
        w.alarms.fire("trial-dashboard-errors");
        await w.promote(second);
      },
    ],
    [
      "rolled-back",
      ["trial: taken back"],
      async () => {
        w.alarms.fire("trial-dashboard-errors", () => w.share(second) === 1);
        await w.promote(second);
      },
    ],
    [
      "rolled-back, as it is not valid",
      ["trial: taken back, goes no further"],
      async () => {
        w.validation.find({ failed: 1, failures: ["a test"] });
        await w.promote(second);
      },
    ],
    [
      "rolled-back on request",
      ["trial: promoted", "trial: taken back"],
      async () => {
        await w.promote(second);
        await w.rollback();
      },
    ],
    [
      "needs-human, with the traffic nobody knows where",
      ["trial: needs a person"],
      async () => {
        w.alarms.fire("trial-dashboard-errors", () => w.share(second) === 1);
        w.probes.answer((asked) => (w.share(second) === 0 || asked.sha === first ? ill : undefined));
        await w.promote(second);
      },
    ],
    [
      "needs-human, with the traffic safe",
      ["trial: taken back", "trial: needs a person"],
      async () => {
        w.engine.failNextUp("no");
        w.engine.failNextUp("still not");
        await w.promote(second);
      },
    ],
    [
      "needs-human, with the release running",
      ["trial: needs a person"],
      async () => {
        for (let n = 0; n < 3; n++) w.signer.failNext("no key");
        await w.promote(second);
      },
    ],
  ];
  for (const [ending, told, act] of endings)
    it(`are these when it ends ${ending}: ${told.join(", ") || "none"}`, async () => {
      await act();
      expect(subjects()).to.deep.equal(told);
      expect(new Set(names()).size).to.equal(told.length);
      const recorded = w.ledger.written.flatMap(({ promotionId, event }) =>
        event.type === "notified" ? [`${promotionId}/${event.about}`] : [],
      );
      expect(recorded.slice(-told.length || recorded.length), "what was told is recorded").to.include.members(
        names(),
      );
    });

  it("say what happened, what runs, what to do and where to read more", async () => {
    w.alarms.fire("trial-dashboard-errors", () => w.share(second) === 1);
    await w.promote(second);
    expect(body().split("\n")).to.deep.equal([
      `What happened: ${second} was taken back from trial, because of watch: the release went bad during watch: trial-dashboard-errors is in ALARM (threshold crossed)`,
      `Running now: ${first}, with all the traffic`,
      "Next: npm run status -- --env trial",
      "Report: npm run history -- --env trial (promotion promotion-2, run 2)",
      "This is notice promotion-2/rolled-back. Should it come twice, it is the same.",
    ]);
  });

  it("claim nothing that is not known", async () => {
    w.alarms.fire("trial-dashboard-errors", () => w.share(second) === 1);
    w.probes.answer((asked) => (asked.sha === first ? ill : undefined));
    await w.promote(second);
    expect(body()).to.contain("Running now: not known").and.to.contain("npm run rollback -- --env trial");
  });

  it("say that a later environment will not take what is not valid", async () => {
    w.validation.find({ failed: 1, failures: ["a test"] });
    await w.promote(second);
    expect(body()).to.contain("no later environment takes it").and.to.contain("a test");
  });

  it("reach a person by the third try, and a promotion is ended all the same where none does", async () => {
    w.engine.failNextUp("no");
    w.engine.failNextUp("still not");
    w.notifier.fail(0);
    const fail = (times: number): Doing => ({
      tell: (progress) => {
        if (progress.type === "step-finished" && progress.step === "rollback") w.notifier.fail(times);
      },
    });
    await w.promote(second, fail(2));
    expect(subjects()).to.deep.equal(["trial: taken back", "trial: needs a person"]);
    w.engine.failNextUp("no");
    w.engine.failNextUp("still not");
    const conclusion = await w.promote(second, fail(3));
    expect(conclusion.outcome).to.equal("needs-human");
    expect(JSON.stringify(w.told)).to.contain("people could not be told: the topic is throttled");
    expect(w.ledger.written.at(-1)?.event.type).to.equal("promotion-ended");
  });

  describe("when a process dies", () => {
    const dead = (behaviour: Doing["befalls"]) => w.promoteUntilDeath(second, behaviour);

    it("tell of it once, by whoever clears up", async () => {
      await dead(dyingAt("traffic.route", "dies"));
      const third = await w.release("third");
      await w.promote(third, WAITING);
      await w.promote(first);
      expect(subjects().slice(0, 2)).to.deep.equal(["trial: left by a process that died", "trial: promoted"]);
      expect(names().filter((name) => name === "promotion-2/died")).to.have.length(1);
      expect(w.notifier.sent[0]?.body).to.contain(`Running now: ${first}`).and.to.contain(`--sha ${second}`);
    });

    it("come once when what was told was recorded", async () => {
      w.engine.failNextUp("no");
      await dead(dyingAt("engine.up", "dies", 2));
      await w.promote(await w.release("third"), WAITING);
      expect(names()).to.deep.equal(["promotion-2/rolled-back", "promotion-2/died", "promotion-3/promoted"]);
    });

    for (const [fault, when] of [
      ["dies", "before the notice went out"],
      ["dies-after", "after it"],
    ] as const)
      it(`never tell the same under two names: ${when}`, async () => {
        await dead(dyingAt("notifier.send", fault));
        await w.promote(await w.release("third"), WAITING);
        const told = names();
        expect(new Set(told).size).to.equal(told.length);
        expect(told).to.include.members(["promotion-2/died", "promotion-3/promoted"]);
      });

    it("may come again, under the same name, when whoever told it died before recording it", async () => {
      await dead(dyingAt("traffic.route", "dies"));
      const third = await w.release("third");
      await w.promoteUntilDeath(third, dyingAt("notifier.send", "dies-after"), WAITING);
      await w.promote(third, WAITING);
      expect(names()).to.deep.equal([
        "promotion-2/died",
        "promotion-2/died",
        "promotion-3/died",
        "promotion-4/promoted",
      ]);
    });
  });
});
