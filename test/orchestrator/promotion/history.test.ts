import { expect } from "chai";
import {
  type Entry,
  GENESIS,
  hashOf,
  type LedgerEvent,
  type RunningRelease,
} from "../../../orchestrator/promotion/events.ts";
import {
  brokenLink,
  holds,
  openPromotions,
  promotedReleases,
  publishedFunctions,
  quarantine,
  runningRelease,
  shaOfVersion,
  surelyRunning,
  trusted,
  wayBack,
} from "../../../orchestrator/promotion/history.ts";

type Ended = Extract<LedgerEvent, { type: "promotion-ended" }>;

const release = (sha: string, version = "1"): RunningRelease => ({
  sha,
  functions: { dashboard: { functionName: "trial-dashboard", version, codeSha256: `digest of ${sha}` } },
  url: "https://trial-dashboard.example/",
  alarms: [],
  alertsTopicArn: "arn:aws:sns:us-east-1:000000000000:alerts",
});
const started = (sha: string): LedgerEvent => ({
  type: "promotion-started",
  kind: "promote",
  sha,
  previousSha: null,
  who: "somebody",
  why: null,
});
const ended = (outcome: Ended["outcome"], sha: string, running: RunningRelease | null): LedgerEvent => ({
  type: "promotion-ended",
  outcome,
  sha,
  reason: null,
  running,
  rollbackMs: null,
});

/** A chain of events, each with the name of its promotion. */
function chain(...events: [promotionId: string, event: LedgerEvent][]): Entry[] {
  const entries: Entry[] = [];
  for (const [promotionId, event] of events) {
    const previous = entries.at(-1)?.hash ?? GENESIS;
    const at = "2030-01-01T00:00:00.000Z";
    const unsealed = { sequence: entries.length + 1, promotionId, at, event, previous };
    entries.push({ ...unsealed, hash: hashOf(unsealed) });
  }
  return entries;
}

describe("what runs for sure", () => {
  const a = ended("promoted", "a", release("a"));

  it("is nothing at first", () => {
    expect(surelyRunning([])).to.equal(undefined);
  });

  it("is what the last promotion that ended knew", () => {
    expect(surelyRunning(chain(["1", started("a")], ["1", a]))?.sha).to.equal("a");
  });

  it("is known still when something else was recorded since", () => {
    const broken: LedgerEvent = { type: "lease-broken", holder: "x", because: "y", who: "z" };
    const entries = chain(["1", started("a")], ["1", a], ["2", broken]);
    expect(surelyRunning(entries)?.sha).to.equal("a");
  });

  it("is not known after an end that did not know, though it was known before", () => {
    const entries = chain(["1", a], ["2", started("b")], ["2", ended("needs-human", "b", null)]);
    expect(surelyRunning(entries)).to.equal(undefined);
    expect(runningRelease(entries)?.sha).to.equal("a");
  });

  it("is not known while a promotion is open: it may have moved the traffic", () => {
    expect(surelyRunning(chain(["1", a], ["2", started("b")]))).to.equal(undefined);
  });
});

describe("the functions that were published", () => {
  it("are all those of any release, each by its name", () => {
    const event = { type: "release-published" as const, release: release("a") };
    expect([...publishedFunctions(chain(["1", started("a")], ["1", event]))]).to.deep.equal([
      ["dashboard", "trial-dashboard"],
    ]);
  });
});

describe("the chain of the ledger", () => {
  const whole = () =>
    chain(
      ["1", started("a")],
      ["1", { type: "step-started", step: "up" }],
      ["1", ended("promoted", "a", release("a"))],
      ["2", started("b")],
    );

  it("holds when nobody touched it, and when it is empty", () => {
    expect(brokenLink(whole())).to.equal(undefined);
    expect(brokenLink([])).to.equal(undefined);
    expect(trusted(whole(), "trial")).to.deep.equal(whole());
  });

  it("does not hang on the order in which a store gives fields back", () => {
    const shuffled = whole().map((entry) => ({
      ...entry,
      event: Object.fromEntries(Object.entries(entry.event).reverse()) as LedgerEvent,
    }));
    expect(brokenLink(shuffled)).to.equal(undefined);
  });

  const resealed = (entry: Entry, changes: Partial<Entry>) => {
    const { hash: _, ...unsealed } = { ...entry, ...changes };
    return { ...unsealed, hash: hashOf(unsealed) };
  };
  const tamperings: [what: string, at: number, tamper: (entries: Entry[]) => Entry[]][] = [
    [
      "an event",
      2,
      (entries) =>
        entries.with(1, { ...(entries[1] as Entry), event: { type: "step-started", step: "gate" } }),
    ],
    ["a time", 2, (entries) => entries.with(1, { ...(entries[1] as Entry), at: "2031-01-01T00:00:00.000Z" })],
    ["whose it is", 2, (entries) => entries.with(1, { ...(entries[1] as Entry), promotionId: "9" })],
    ["a hash", 2, (entries) => entries.with(1, { ...(entries[1] as Entry), hash: "f".repeat(64) })],
    [
      "an entry, sealed anew",
      3,
      (entries) => entries.with(1, resealed(entries[1] as Entry, { promotionId: "9" })),
    ],
    [
      "a number, sealed anew",
      2,
      (entries) => entries.with(1, resealed(entries[1] as Entry, { sequence: 7 })),
    ],
    ["the order", 2, ([a, b, c, ...rest]) => [a, c, b, ...rest] as Entry[]],
    ["a gap", 2, (entries) => entries.toSpliced(1, 1)],
    ["a lost beginning", 1, (entries) => entries.slice(1)],
    ["an entry told twice", 3, (entries) => entries.toSpliced(1, 0, entries[1] as Entry)],
  ];
  for (const [what, at, tamper] of tamperings)
    it(`shows that somebody changed ${what}`, () => {
      const entries = tamper(whole());
      expect(brokenLink(entries)).to.equal(at);
      expect(() => trusted(entries, "trial"))
        .to.throw(`entry ${at} does not follow`)
        .with.property("code", "chain-broken");
    });
});

describe("what a ledger tells", () => {
  it("knows nothing when it is empty", () => {
    expect(runningRelease([])).to.equal(undefined);
    expect(promotedReleases([])).to.deep.equal([]);
    expect(openPromotions([])).to.deep.equal([]);
    expect(wayBack([])).to.equal(undefined);
  });

  it("tells what runs by the last promotion that knew", () => {
    const entries = chain(
      ["1", ended("promoted", "a", release("a"))],
      ["2", ended("promoted", "b", release("b"))],
      ["3", ended("rolled-back", "c", release("b"))],
      ["4", ended("needs-human", "d", null)],
    );
    expect(runningRelease(entries)?.sha).to.equal("b");
  });

  it("lists what was promoted, newest first, each once, with its newest versions", () => {
    const entries = chain(
      ["1", ended("promoted", "a", release("a", "1"))],
      ["2", ended("promoted", "b", release("b", "2"))],
      ["3", ended("rolled-back", "c", release("b", "2"))],
      ["4", ended("promoted", "a", release("a", "4"))],
      ["5", ended("unchanged", "a", release("a", "4"))],
    );
    const found = promotedReleases(entries);
    expect(found.map(({ sha }) => sha)).to.deep.equal(["a", "b"]);
    expect(found[0]?.functions.dashboard?.version).to.equal("4");
  });

  it("does not list what was removed, until it is promoted again", () => {
    const removal: LedgerEvent = { type: "removal-intended", shas: ["a"], versions: [], who: "somebody" };
    const entries: [string, LedgerEvent][] = [
      ["1", ended("promoted", "a", release("a", "1"))],
      ["2", ended("promoted", "b", release("b", "2"))],
      ["3", removal],
    ];
    expect(promotedReleases(chain(...entries)).map(({ sha }) => sha)).to.deep.equal(["b"]);
    entries.push(["4", ended("promoted", "a", release("a", "4"))]);
    const again = promotedReleases(chain(...entries));
    expect(again.map(({ sha }) => sha)).to.deep.equal(["a", "b"]);
    expect(again[0]?.functions.dashboard?.version).to.equal("4");
  });

  it("goes back to what was promoted, not to what merely runs", () => {
    const entries = chain(
      ["1", ended("promoted", "a", release("a"))],
      ["2", ended("needs-human", "b", release("b"))],
    );
    expect(runningRelease(entries)?.sha).to.equal("b");
    expect(wayBack(entries)?.sha).to.equal("a");
  });

  it("keeps a SHA in quarantine until it is promoted", () => {
    const condemned = chain(["1", { type: "quarantined", sha: "a", because: "watch: errors" }]);
    expect(quarantine(condemned, "a")).to.equal("watch: errors");
    expect(quarantine(condemned, "b")).to.equal(undefined);
    const lifted = chain(
      ["1", { type: "quarantined", sha: "a", because: "watch: errors" }],
      ["2", ended("promoted", "a", release("a"))],
    );
    expect(quarantine(lifted, "a")).to.equal(undefined);
    const again = chain(
      ["1", ended("promoted", "a", release("a"))],
      ["2", { type: "quarantined", sha: "a", because: "rollback: wrong" }],
      ["2", ended("promoted", "b", release("b"))],
    );
    expect(quarantine(again, "a")).to.equal("rollback: wrong");
  });

  it("finds the promotions that began and never ended, also behind others' entries", () => {
    const open = chain(["1", started("a")], ["1", ended("promoted", "a", null)], ["2", started("b")]);
    expect(openPromotions(open)).to.deep.equal([{ promotionId: "2", sha: "b" }]);
    const broken = chain(
      ["2", started("b")],
      ["3", { type: "lease-broken", holder: "a colleague", because: "dead", who: "somebody" }],
      ["4", ended("refused", "c", null)],
    );
    expect(openPromotions(broken)).to.deep.equal([{ promotionId: "2", sha: "b" }]);
    const twice = chain(["2", started("b")], ["3", started("c")]);
    expect(openPromotions(twice).map(({ promotionId }) => promotionId)).to.deep.equal(["2", "3"]);
    const closed = chain(["2", started("b")], ["2", ended("rolled-back", "b", null)]);
    expect(openPromotions(closed)).to.deep.equal([]);
  });

  it("tells the SHA of a version by the last release that published it", () => {
    const entries = chain(
      ["1", { type: "release-published", release: release("a", "1") }],
      ["2", { type: "release-published", release: release("b", "2") }],
    );
    expect(shaOfVersion(entries, "trial-dashboard", "1")).to.equal("a");
    expect(shaOfVersion(entries, "trial-dashboard", "2")).to.equal("b");
    expect(shaOfVersion(entries, "trial-dashboard", "3")).to.equal(undefined);
    expect(shaOfVersion(entries, "trial-ingestion", "1")).to.equal(undefined);
  });
});

describe("the holds that stand", () => {
  const NOW = new Date("2030-01-01T12:00:00.000Z");
  const held = (sha: string | null, until: string | null, because = "an audit"): LedgerEvent => ({
    type: "held",
    sha,
    because,
    who: "somebody",
    until,
  });
  const released = (sha: string | null): LedgerEvent => ({
    type: "hold-released",
    sha,
    because: "it is over",
    who: "somebody",
  });

  it("are of the environment and of single releases, until they are released", () => {
    const entries = chain(["a", held(null, null)], ["b", held("one", null)], ["c", released(null)]);
    expect(holds(entries, NOW).map(({ sha }) => sha)).to.deep.equal(["one"]);
  });

  it("end by themselves at their time", () => {
    const entries = chain(
      ["a", held("one", "2030-01-01T12:00:00.000Z")],
      ["b", held("two", "2030-01-01T12:00:00.001Z")],
    );
    expect(holds(entries, NOW).map(({ sha }) => sha)).to.deep.equal(["two"]);
  });

  it("are replaced by a later hold of the same thing", () => {
    const entries = chain(["a", held("one", null)], ["b", held("one", null, "another audit")]);
    expect(holds(entries, NOW).map(({ because }) => because)).to.deep.equal(["another audit"]);
  });
});
