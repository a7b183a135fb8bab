import { expect } from "chai";
import { type Entry, GENESIS, hashOf } from "../../../orchestrator/promotion/events.ts";
import { expectRefused } from "../../fakes/refusal.ts";
import { type World, world } from "../../fakes/world.ts";

type Written = Record<string, unknown>[];
type Case = [what: string, spoil: (written: Written) => void, says: RegExp];

/** Changes an entry as somebody would who does not know of the chain. */
const change = (at: number, changes: (entry: Record<string, unknown>) => void) => (written: Written) => {
  const entry = written.at(at);
  if (entry) changes(entry);
};
const event = (entry: Record<string, unknown>) => entry.event as Record<string, unknown>;

const BROKEN: Case[] = [
  ["an entry names another time", change(3, (entry) => (entry.at = "2031-01-01T00:00:00.000Z")), /entry 4/],
  ["an entry names another promotion", change(0, (entry) => (entry.promotionId = "another")), /entry 1/],
  ["an entry says another thing", change(5, (entry) => (event(entry).step = "watch")), /entry 6/],
  ["an entry says more", change(2, (entry) => (event(entry).note = "added")), /entry 3/],
  ["an entry says less", change(0, (entry) => delete event(entry).why), /entry 1/],
  ["an entry has another hash", change(4, (entry) => (entry.hash = "0".repeat(64))), /entry 5/],
  ["an entry has no hash", change(4, (entry) => (entry.hash = "")), /entry 5/],
  ["an entry follows from another", change(4, (entry) => (entry.previous = "f".repeat(64))), /entry 5/],
  [
    "the first entry follows from something",
    change(0, (entry) => (entry.previous = "f".repeat(64))),
    /entry 1/,
  ],
  ["an entry has another number", change(6, (entry) => (entry.sequence = 70)), /entry 7/],
  ["an entry has half a number", change(6, (entry) => (entry.sequence = 6.5)), /entry 7/],
  ["the first entry is gone", (written) => void written.shift(), /entry 1/],
  ["an entry in the middle is gone", (written) => void written.splice(7, 1), /entry 8/],
  [
    "two entries changed places",
    (written) => void written.splice(2, 2, written[3] ?? {}, written[2] ?? {}),
    /entry 3/,
  ],
  ["an entry is there twice", (written) => void written.splice(3, 0, written[3] ?? {}), /entry 5/],
  [
    "somebody added an entry without knowing how",
    (written) => void written.push({ ...written.at(-1), event: { type: "lease-broken" } }),
    /does not follow/,
  ],
  [
    "the past was made good",
    change(-1, (entry) => (event(entry).outcome = "needs-human")),
    /does not follow/,
  ],
];

/** Appends an event as a newer version would: all is in order, but for what it says. */
const newer = (says: Record<string, unknown>) => (written: Written) => {
  const last = written.at(-1) as Entry | undefined;
  const unsealed = {
    sequence: written.length + 1,
    promotionId: "promotion-of-a-newer-version",
    at: "2031-01-01T00:00:00.000Z",
    event: says as Entry["event"],
    previous: last?.hash ?? GENESIS,
  };
  written.push({ ...unsealed, hash: hashOf(unsealed) });
};

const NEWER: Case[] = [
  ["a type that is not known", newer({ type: "promotion-paused", until: "tomorrow" }), /promotion-paused/],
  ["a type with a name of every object's", newer({ type: "constructor" }), /constructor/],
  [
    "another end of a promotion",
    newer({ type: "promotion-ended", outcome: "paused", sha: "1" }),
    /promotion-ended/,
  ],
  [
    "another kind of promotion",
    newer({ type: "promotion-started", kind: "experiment" }),
    /promotion-started/,
  ],
  ["a field of another kind", newer({ type: "quarantined", sha: 7, because: {} }), /quarantined/],
  [
    "a release told in another way",
    newer({ type: "release-published", release: "s3://x" }),
    /release-published/,
  ],
  ["less than this version needs", newer({ type: "held" }), /held/],
];

describe("bad input: what a ledger holds", () => {
  let w: World;
  let sha: string;
  let before: string;

  beforeEach(async () => {
    w = world();
    await w.settled();
    sha = await w.release("second");
  });

  const seen = () =>
    JSON.stringify({
      written: w.ledger.written,
      traffic: w.traffic.written,
      engine: w.engine.did,
      store: [...w.store.objects.keys()],
      tags: [...w.store.tags],
      told: w.notifier.sent,
    });

  function spoiled(spoil: (written: Written) => void): void {
    const { written } = w.ledger;
    // What was written cannot be changed, but another can take its place.
    written.splice(0, written.length, ...structuredClone(written));
    spoil(written as unknown as Written);
    before = seen();
  }

  /** The lease is taken to read in peace, and given back. Nothing else may be written anywhere. */
  async function expectNothingTouched(): Promise<void> {
    expect(seen()).to.equal(before);
    expect(await w.ledger.held()).to.equal(undefined);
  }

  for (const [what, spoil, says] of BROKEN)
    it(`is refused as broken when ${what}`, async () => {
      spoiled(spoil);
      expectRefused(await w.promote(sha), "chain-broken", says);
      expectRefused(await w.rollback(), "chain-broken", says);
      await expectNothingTouched();
    });

  for (const [what, spoil, says] of NEWER)
    it(`is left to the newer version that wrote ${what}`, async () => {
      spoiled(spoil);
      const conclusion = await w.promote(sha);
      expectRefused(conclusion, "ledger-newer", says);
      expect(conclusion.reason?.remedy).to.contain("git pull");
      expectRefused(await w.rollback(), "ledger-newer", says);
      await expectNothingTouched();
    });
});
