import { expect } from "chai";
import type { Ledger } from "../../../orchestrator/ports/ledger.ts";
import type { RunningRelease } from "../../../orchestrator/promotion/events.ts";
import { passed } from "../../../orchestrator/promotion/outcome.ts";
import type { Promotion } from "../../../orchestrator/promotion/promotion.ts";
import { moveTraffic } from "../../../orchestrator/promotion/traffic.ts";
import type { World } from "../../fakes/world.ts";
import { type Plant, play } from "./play.ts";
import { INVARIANTS, type Invariant } from "./witness.ts";

/** Gives one process a ledger that does something in another way. */
function withLedger(p: Promotion, change: (ledger: Ledger) => Partial<Ledger>): void {
  const { ledger } = p.ports;
  p.ports.ledger = { ...ledger, ...change(ledger) };
}

/** Lets every append of a process pass through a change: what is appended, and how often. */
const recording = (change: (append: Ledger["append"]) => Ledger["append"]): Plant => ({
  ports: (p) => withLedger(p, ({ append }) => ({ append: change(append) })),
});

/** Each bug that somebody could make, the invariant that must catch it, and for a rare one a seed whose story meets it. */
const PLANTED: { bug: string; caughtBy: Invariant; plant: Plant; from?: number }[] = [
  {
    bug: "a ledger that forgets what went before",
    caughtBy: "the chain is unbroken",
    plant: {
      world({ ledger }) {
        const { append } = ledger;
        ledger.append = async (...given) => {
          const entry = { ...(await append(...given)), previous: "0".repeat(64) };
          ledger.written[ledger.written.length - 1] = entry;
          return entry;
        };
      },
    },
  },
  {
    bug: "a runner that goes on after the end",
    caughtBy: "a promotion that ended stays ended",
    plant: {
      ports: (p) =>
        withLedger(p, ({ append, release }) => ({
          async release(lease) {
            await append(lease, { type: "step-started", step: "finish" });
            await release(lease);
          },
        })),
    },
  },
  {
    bug: "a runner that forgets an intent",
    caughtBy: "an intent is recorded before its effect",
    plant: recording((append) => async (lease, event, id) => {
      if (event.type !== "traffic-intended") return append(lease, event, id);
      return append(lease, { type: "step-started", step: "shift" }, id);
    }),
  },
  {
    bug: "a runner that intends twice",
    caughtBy: "at most one intent of a promotion is open",
    plant: recording((append) => async (lease, event, id) => {
      if (event.type === "stack-intended") await append(lease, event, id);
      return append(lease, event, id);
    }),
  },
  {
    bug: "a dry run that keeps what it looked at",
    caughtBy: "who only looks changes nothing",
    plant: {
      course: ({ steps, ...rest }) => ({
        ...rest,
        steps: steps.map((step) =>
          step.name === "look"
            ? {
                ...step,
                async run(p: Promotion) {
                  await p.ports.store.put("seen", Buffer.from(p.id));
                  return await step.run(p);
                },
              }
            : step,
        ),
      }),
    },
  },
  {
    bug: "a lease for whoever asks",
    caughtBy: "at most one holds the lease",
    plant: {
      world({ ledger }) {
        const { acquire } = ledger;
        ledger.acquire = async (holder, durationMs) => acquire(holder, durationMs, await ledger.held());
      },
    },
  },
  {
    bug: "a ledger that does not ask for the fencing token",
    caughtBy: "nobody writes whose turn is over",
    from: 541,
    plant: {
      world({ ledger }) {
        const { append } = ledger;
        ledger.append = async (lease, event, id = lease.promotionId) => {
          const fence = (await ledger.held())?.fence ?? lease.fence;
          return append({ ...lease, fence }, event, id);
        };
      },
    },
  },
  {
    bug: "aliases that take any revision",
    caughtBy: "nobody writes whose turn is over",
    from: 858,
    plant: {
      world({ traffic }) {
        const { read, route } = traffic;
        traffic.route = async (name, wanted) => route(name, wanted, (await read(name)).revision);
      },
    },
  },
  {
    bug: "an update that publishes once too often",
    caughtBy: "the same code is published once",
    plant: { world: ({ lambda }) => publishTwice(lambda) },
  },
  {
    bug: "a record that claims to know what runs",
    caughtBy: "what the ledger says runs has all the traffic",
    plant: {
      ports: (p) =>
        withLedger(p, ({ append }) => ({
          append: async (lease, event, id) =>
            event.type === "promotion-ended"
              ? append(lease, { ...event, running: event.running ?? p.found.previous ?? null }, id)
              : append(lease, event, id),
        })),
    },
  },
  {
    bug: "a shift that calls half of the traffic all of it",
    caughtBy: "what is said is what is",
    plant: {
      course: ({ steps, ...rest }) => ({
        ...rest,
        steps: steps
          .filter(({ name }) => name !== "watch" && name !== "drill")
          .map((step) => (step.name === "shift" ? { ...step, run: half } : step)),
      }),
    },
  },
  {
    bug: "a conclusion that is too good",
    caughtBy: "what is said is what is",
    plant: {
      conclusion: (conclusion) =>
        conclusion.outcome === "rolled-back" ? { ...conclusion, outcome: "promoted" } : conclusion,
    },
  },
  {
    bug: "a run that does not clear up after one that died",
    caughtBy: "the next run puts everything in order",
    plant: {
      course: (course) => ({ ...course, steps: course.steps.filter(({ name }) => name !== "recover") }),
    },
  },
];

async function half(p: Promotion) {
  await moveTraffic(p, p.found.published as RunningRelease, 50);
  return passed();
}

function publishTwice(lambda: World["lambda"]): void {
  const { publish } = lambda;
  lambda.publish = (name, code) => {
    publish(name, code);
    const again = publish(name, { ...code, codeSha256: "for now" });
    const version = lambda.version(name, again);
    if (version) version.codeSha256 = code.codeSha256;
    return again;
  };
}

/** Enough stories for each bug to meet what it goes wrong on; the rarest needs a few hundred. */
const STORIES = 3_000;

describe("the invariants of the simulation", function () {
  this.timeout(120_000);

  for (const { bug, caughtBy, plant, from = 1 } of PLANTED)
    it(`catch ${bug}: "${caughtBy}"`, async () => {
      for (let seed = from; seed < from + STORIES; seed++) {
        const { violations } = await play(seed, plant);
        if (violations.some(({ invariant }) => invariant === caughtBy)) return;
      }
      expect.fail(`nobody noticed it in ${STORIES} stories`);
    });

  it("have each a bug that they catch", () => {
    expect([...new Set(PLANTED.map(({ caughtBy }) => caughtBy))].sort()).to.deep.equal(
      [...INVARIANTS].sort(),
    );
  });

  it("hold where no bug was planted", async () => {
    for (let seed = 1; seed <= 50; seed++) expect((await play(seed)).violations).to.deep.equal([]);
  });

  it("are checked on the same story for the same seed", async () => {
    const [one, same, other] = [await play(7, {}, true), await play(7, {}, true), await play(8, {}, true)];
    expect(one.trace.length).to.be.greaterThan(20);
    expect(same.trace).to.deep.equal(one.trace);
    expect(other.trace).not.to.deep.equal(one.trace);
  });
});
