import { expect } from "chai";
import type { LedgerEvent } from "../../../orchestrator/promotion/events.ts";
import { predicateOf } from "../../../orchestrator/release/attestation.ts";
import { attestationKey } from "../../../orchestrator/release/manifest.ts";
import { expectInOrder } from "../../fakes/invariants.ts";
import { ill } from "../../fakes/probes.ts";
import type { Call } from "../../fakes/process.ts";
import { codeOf, reached } from "../../fakes/reached.ts";
import { type Doing, type World, world } from "../../fakes/world.ts";

const SKIPPING = { order: { skipDrill: true, why: "the way back was tried by hand" } };

describe("the step drill", () => {
  let w: World;
  let first: string;

  beforeEach(async () => {
    w = world();
    first = await w.settled();
  });

  const events = <T extends LedgerEvent["type"]>(type: T) =>
    w.ledger.written.flatMap(({ event }) =>
      event.type === type ? [event as Extract<LedgerEvent, { type: T }>] : [],
    );
  const attested = (sha: string) =>
    predicateOf(w.store.objects.get(attestationKey(sha, "trial-validated")) ?? Buffer.of()).rollback;

  /** Promotes a second release; `during` is told of each call of its drill. */
  async function promote(
    during: (call: Call) => ReturnType<NonNullable<Doing["befalls"]>>,
    doing: Doing = {},
  ) {
    const sha = await w.release("second");
    let step = "";
    const tell: Doing["tell"] = (progress) => {
      if (progress.type === "step-started") step = progress.step;
      doing.tell?.(progress);
    };
    const befalls = (call: Call) => (step === "drill" ? during(call) : undefined);
    return { sha, ended: await w.promoteUntilDeath(sha, befalls, { ...doing, tell }) };
  }
  const conclusionOf = ({ ended }: Awaited<ReturnType<typeof promote>>) => {
    if (ended === "died") throw new Error("the process died");
    return ended;
  };

  it("takes all the traffic back and forward again, each direction intended, moved and answered", async () => {
    const { p, sha, run } = await reached(w, "drill");
    const [moves, asked] = [w.traffic.written.length, w.probes.asked.length];
    expect(codeOf(await run())).to.equal("passed");
    const routes = w.traffic.written.slice(moves).map(({ route }) => route.version);
    expect(routes, "two functions there, two back").to.deep.equal(["1", "1", "2", "2"]);
    const answers = w.probes.asked.slice(asked).map((each) => each.sha);
    expect(answers).to.deep.equal([first, first, first, sha, sha, sha]);
    expect(w.share(sha)).to.equal(1);
    expect(p.found.running?.sha).to.equal(sha);
    const types = w.ledger.written.slice(-5).map(({ event }) => event.type);
    const move = ["traffic-intended", "traffic-moved"];
    expect(types).to.deep.equal([...move, ...move, "drilled"]);
  });

  it("records how long each way took, in the ledger and in the attestation", async () => {
    const sha = await w.release("second");
    const { route } = w.traffic;
    let step = "";
    w.traffic.route = async (name, wanted, revision) => {
      if (step === "drill") await w.clock.sleep(wanted.version === "1" ? 700 : 300);
      return route(name, wanted, revision);
    };
    const tell: Doing["tell"] = (told) => {
      if (told.type === "step-started") step = told.step;
    };
    await w.promote(sha, { tell });
    const times = { to: first, backMs: 700, forwardMs: 300 };
    expect(events("drilled").at(-1)).to.deep.equal({ type: "drilled", sha, ...times, skipped: null });
    expect(attested(sha)).to.deep.equal({ rehearsed: true, ...times });
    expect(events("traffic-restored"), "a rehearsal is no recovery").to.deep.equal([]);
  });

  it("is left out for the first release, which is said, recorded and attested", async () => {
    const because = "there is no release to go back to yet";
    const skipped = { to: null, backMs: null, forwardMs: null, skipped: because };
    expect(events("drilled")).to.deep.equal([{ type: "drilled", sha: first, ...skipped }]);
    expect(attested(first)).to.deep.equal({ rehearsed: false, because });
    const told = w.told.find((each) => each.type === "step-finished" && each.step === "drill");
    expect(told).to.include({ outcome: "skipped", text: because });
  });

  it("is left out when somebody asks for that, whose reason is recorded and attested", async () => {
    const sha = await w.release("second");
    const { outcome } = await w.promote(sha, SKIPPING);
    expect(outcome).to.equal("promoted");
    const { why } = SKIPPING.order;
    expect(events("overridden")).to.deep.equal([
      {
        type: "overridden",
        guard: "drill",
        because: `the way back to ${first} was to be rehearsed`,
        reason: why,
        who: "somebody",
      },
    ]);
    expect(attested(sha)).to.deep.equal({ rehearsed: false, because: `somebody skipped it: ${why}` });
    expect(w.traffic.written.map(({ route }) => route.version)).to.deep.equal(["1", "1", "2", "2"]);
  });

  it("does not record that it was overruled where there was nothing to rehearse", async () => {
    w = world();
    await w.promote(await w.release("first"), SKIPPING);
    expect(events("overridden")).to.deep.equal([]);
  });

  for (const [what, config, outcome] of [
    ["validates nothing", { validate: false }, "skipped"],
    ["says no", { drill: false }, "skipped"],
    ["says yes and validates nothing", { validate: false, drill: true }, "passed"],
  ] as const)
    it(`is ${outcome} where the environment ${what}`, async () => {
      expect(codeOf(await (await reached(w, "drill", { config })).run())).to.equal(outcome);
    });

  const shows: [what: string, during: Parameters<typeof promote>[0], says: RegExp][] = [
    [
      "the old release does not answer",
      ({ method }) => {
        if (method === "throughUrl") w.probes.answer(({ sha }) => (sha === first ? ill : undefined));
        return undefined;
      },
      /on the way back: .*status 500/,
    ],
    [
      "an alias cannot be written on the way forward",
      ({ method }) =>
        method === "route" && w.share(first) === 1 ? { fails: new Error("Rate exceeded") } : undefined,
      /on the way forward again: Rate exceeded/,
    ],
    [
      "an alias reads otherwise than it was written",
      ({ method }) => {
        if (method === "throughUrl" && w.share(first) === 1)
          w.lambda.point("trial-dashboard", { version: "2" });
        return undefined;
      },
      /on the way back: /,
    ],
    [
      "the code is not the release's any more",
      ({ method }) => {
        const version = w.lambda.version("trial-ingestion", "2");
        if (method === "throughUrl" && version) version.codeSha256 = "other code";
        return undefined;
      },
      /on the way forward again: trial-ingestion:2/,
    ],
  ];
  for (const [what, during, says] of shows)
    it(`fails when ${what}, says so, and condemns nobody`, async () => {
      const played = await promote(during);
      const { outcome, reason } = conclusionOf(played);
      expect(reason?.message).to.match(says);
      // What failed in the drill may fail again on the real way back: then the traffic is not known.
      expect(outcome).to.equal(what.startsWith("the old release") ? "needs-human" : "rolled-back");
      expect(events("quarantined")).to.deep.equal([]);
      if (outcome === "rolled-back") {
        expect(reason?.code).to.equal("drill-failed");
        expect(reason?.remedy).to.contain("--skip-drill");
        expect(w.share(first)).to.equal(1);
        await expectInOrder(w, conclusionOf(played));
      }
    });

  for (const nth of [1, 2, 3, 4] as const)
    for (const fault of ["dies", "dies-after"] as const)
      it(`that ${fault} at write ${nth} of an alias is cleared up by the next run`, async () => {
        let routes = 0;
        const { sha, ended } = await promote(({ method }) =>
          method === "route" && ++routes === nth ? fault : undefined,
        );
        expect(ended).to.equal("died");
        const conclusion = await w.promote(sha, { order: { waitMs: 10 * 60_000 } });
        expect(conclusion.outcome).to.equal("promoted");
        expect(w.share(sha)).to.equal(1);
        await expectInOrder(w, conclusion);
      });

  it("is interrupted between its two ways, and leaves the traffic where it came from", async () => {
    const interruptWhen: Doing["interruptWhen"] = (told) =>
      told.type === "note" && told.step === "drill" && told.text.startsWith("traffic back");
    const played = await promote(() => undefined, { interruptWhen });
    const conclusion = conclusionOf(played);
    expect(conclusion).to.deep.include({ outcome: "needs-human" });
    expect(conclusion.reason?.code).to.equal("stopped-midway");
    expect(w.share(played.sha)).to.equal(0);
    expect(events("drilled").at(-1)?.sha, "none of this one").to.equal(first);
    await expectInOrder(w, conclusion);
  });
});
