import { expect } from "chai";
import fc from "fast-check";
import { brokenLink } from "../../../orchestrator/promotion/history.ts";
import { expectInOrder, expectWhole } from "../../fakes/invariants.ts";
import { ill } from "../../fakes/probes.ts";
import type { Call, Fault } from "../../fakes/process.ts";
import { type World, world } from "../../fakes/world.ts";

/** The same plots in every run, so that a change is to blame for what fails; `FAULT_SEED=…` plays others. */
const seed = Number(process.env.FAULT_SEED ?? 20_261_124);

/** Calls that have an effect, or on whose answer much hangs; the others are hit by their number. */
const CALLS = [
  "ledger.acquire",
  "ledger.append",
  "ledger.beat",
  "ledger.release",
  "store.put",
  "engine.up",
  "traffic.read",
  "traffic.route",
  "traffic.codeSha256",
  "probes.throughUrl",
  "alarms.list",
  "signer.sign",
  "notifier.send",
];

const FAULT = fc.record({
  fault: fc.constantFrom<Fault>("fails", "fails-after", "dies", "dies-after"),
  at: fc.oneof(
    fc.record({ n: fc.integer({ min: 1, max: 110 }) }),
    fc.record({ call: fc.constantFrom(...CALLS), nth: fc.integer({ min: 1, max: 6 }) }),
  ),
});

/** What happens in a world: a release that behaves somehow, and faults in the two processes that promote. */
const PLOT = fc.record({
  settled: fc.boolean(),
  release: fc.constantFrom("well", "ill before traffic", "alarm in shift", "alarm in watch", "update fails"),
  first: fc.array(FAULT, { maxLength: 3 }),
  second: fc.array(FAULT, { maxLength: 2 }),
});

type Plot = typeof PLOT extends fc.Arbitrary<infer P> ? P : never;

function befalling(faults: Plot["first"]): (call: Call) => Fault | undefined {
  const counts = new Map<string, number>();
  return ({ n, port, method }) => {
    const call = `${port}.${method}`;
    const nth = (counts.get(call) ?? 0) + 1;
    counts.set(call, nth);
    return faults.find(({ at }) => ("n" in at ? at.n === n : at.call === call && at.nth === nth))?.fault;
  };
}

function arrange(w: World, sha: string, how: Plot["release"]): void {
  if (how === "ill before traffic") w.probes.answer((asked) => (asked.sha === sha ? ill : undefined));
  if (how === "alarm in shift") w.alarms.fire("trial-dashboard-errors", () => has(w, sha, 0.1));
  if (how === "alarm in watch") w.alarms.fire("trial-dashboard-errors", () => has(w, sha, 1));
  if (how === "update fails") w.engine.failNextUp("the role cannot be assumed", sha);
}

const has = (w: World, sha: string, share: number) =>
  w.lambda.names().some((name) => w.lambda.share(name, sha) >= share);

/** Short watches, so that the faults hit more than polling; patience enough to take a dead process's lease over. */
const config = {
  bake: 8_000,
  lease: 20_000,
  strategy: [
    { percent: 50, holdMs: 4_000 },
    { percent: 100, holdMs: 0 },
  ],
};
const WAITING = { order: { waitMs: 60 * 60_000 } };

async function play({ settled, release, first, second }: Plot): Promise<void> {
  const w = world(config);
  if (settled) await w.settled();
  const sha = await w.release("the release");
  arrange(w, sha, release);
  const conclusion = await w.promoteUntilDeath(sha, befalling(first), WAITING);
  if (conclusion !== "died" && conclusion.outcome !== "needs-human") await expectWhole(w);
  expect(brokenLink(await w.ledger.entries())).to.equal(undefined);

  const next = await w.promoteUntilDeath(await w.release("a later one"), befalling(second), WAITING);
  // A refusal may leave what the first process left, if it fell before that was cleared up.
  if (next !== "died" && next.outcome !== "needs-human" && next.outcome !== "refused") await expectWhole(w);
  // A bad first release keeps its traffic, and with it the alarm: a person has seen to it.
  w.alarms.calm("trial-dashboard-errors");
  const good = await w.release("a good one");
  const last = await w.promote(good, WAITING);
  await expectInOrder(w, last);
  expect(last.outcome, last.reason?.message).to.equal("promoted");
  expect(w.share(good)).to.equal(1);
}

describe("a promotion with any fault at any call", () => {
  it(`ends in order, or the next one puts it in order (FAULT_SEED=${seed})`, async function () {
    this.timeout(60_000);
    await fc.assert(fc.asyncProperty(PLOT, play), { numRuns: 300, seed });
  });
});
