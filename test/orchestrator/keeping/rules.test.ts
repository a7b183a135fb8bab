import { expect } from "chai";
import { type Candidate, verdicts } from "../../../orchestrator/keeping/rules.ts";
import {
  type Entry,
  GENESIS,
  type LedgerEvent,
  type RunningRelease,
} from "../../../orchestrator/promotion/events.ts";

const NOW = new Date("2030-06-01T00:00:00.000Z");
const DAY = 24 * 60 * 60_000;
const CONFIG = { keepReleases: 2, retentionDays: 90 };

const daysAgo = (days: number) => new Date(NOW.getTime() - days * DAY);
const old = (sha: string): Candidate => ({ sha, since: daysAgo(400), serves: false });

const running = (sha: string): RunningRelease => ({
  sha,
  functions: {},
  url: "https://trial.example/",
  alarms: [],
  alertsTopicArn: "arn",
});
type Told = [id: string, days: number, event: LedgerEvent];
const started = (id: string, days: number, sha: string, previousSha: string | null = null): Told => [
  id,
  days,
  { type: "promotion-started", kind: "promote", sha, previousSha, who: "somebody", why: null },
];
type Ended = Extract<LedgerEvent, { type: "promotion-ended" }>;
const ended = (
  id: string,
  days: number,
  outcome: Ended["outcome"],
  sha: string,
  runs: string | null,
): Told => [
  id,
  days,
  {
    type: "promotion-ended",
    outcome,
    sha,
    reason: null,
    running: runs === null ? null : running(runs),
    rollbackMs: null,
  },
];
const promoted = (id: string, days: number, sha: string): Told => ended(id, days, "promoted", sha, sha);

const ledger = (...told: Told[]): Entry[] =>
  told.map(([promotionId, days, event], index) => ({
    sequence: index + 1,
    promotionId,
    at: daysAgo(days).toISOString(),
    event,
    previous: GENESIS,
    hash: GENESIS,
  }));

/** The reason for which the only candidate stays, or that it goes. */
function verdictOn(release: Candidate, entries: Entry[], config = CONFIG): string {
  const [verdict] = verdicts([release], entries, NOW, config);
  return `${verdict?.keep ? "stays" : "goes"}: ${verdict?.because}`;
}

describe("what may be removed", () => {
  const SINCE = ledger(
    promoted("1", 300, "a"),
    promoted("2", 290, "b"),
    promoted("3", 280, "c"),
    promoted("4", 270, "d"),
  );

  it("is nothing that runs, by the ledger", () => {
    expect(verdictOn(old("d"), SINCE)).to.equal("stays: it runs");
    const without = ledger(promoted("1", 300, "a"), ended("2", 200, "needs-human", "b", "b"));
    expect(verdictOn(old("b"), without)).to.equal("stays: it runs");
  });

  it("is nothing that has traffic, whatever the ledger says", () => {
    expect(verdictOn({ ...old("x"), serves: true }, SINCE)).to.equal("stays: an alias sends requests to it");
  });

  it("is nothing that the stack was last made from, or was to be", () => {
    const entries = ledger(promoted("1", 300, "a"), ["2", 200, { type: "stack-intended", sha: "x" }]);
    expect(verdictOn(old("x"), entries)).to.equal("stays: the stack was last made from it");
    const later = ledger(
      ["2", 210, { type: "stack-intended", sha: "x" }],
      ["2", 200, { type: "stack-intended", sha: "a" }],
    );
    expect(verdictOn(old("x"), later)).to.match(/^goes/);
  });

  it("is none of the last that were promoted", () => {
    expect(verdictOn(old("c"), SINCE)).to.equal("stays: it is one of the last 2 to go back to");
    expect(verdictOn(old("b"), SINCE)).to.equal(
      "goes: 2 or more were promoted after it, and it was 290 days ago",
    );
    expect(verdictOn(old("b"), SINCE, { ...CONFIG, keepReleases: 3 })).to.match(/^stays/);
  });

  it("does not count a quarantined release among those to go back to, nor remove it from between them", () => {
    const entries = [...SINCE, ...ledger(["5", 260, { type: "quarantined", sha: "c", because: "errors" }])];
    expect(verdictOn(old("c"), entries)).to.match(/^stays: it is one of the last 2/);
    expect(verdictOn(old("b"), entries)).to.match(/^stays: it is one of the last 2/);
    expect(verdictOn(old("a"), entries)).to.match(/^goes/);
  });

  it("is nothing of a promotion that has not ended: not its release, nor what ran before", () => {
    const entries = [...SINCE, ...ledger(started("5", 200, "x", "b"))];
    for (const sha of ["x", "b"])
      expect(verdictOn(old(sha), entries)).to.equal("stays: a promotion with it has not ended");
    const over = [...entries, ...ledger(ended("5", 199, "refused", "x", "d"))];
    for (const sha of ["x", "b"]) expect(verdictOn(old(sha), over)).to.match(/^goes/);
  });

  it("knows a release by the first digits that a person gave", () => {
    const sha = "0123456789abcdef";
    const open = [...SINCE, ...ledger(started("5", 200, "0123456"))];
    expect(verdictOn(old(sha), open)).to.equal("stays: a promotion with it has not ended");
    const nameless = [...SINCE, ...ledger(started("5", 200, ""))];
    expect(verdictOn(old(sha), nameless)).to.match(/^goes/);
  });

  it("is nothing that a hold names, while it stands", () => {
    const hold = (sha: string | null, until: string | null): Told => [
      "5",
      200,
      { type: "held", sha, because: "an audit", who: "somebody", until },
    ];
    expect(verdictOn(old("x"), ledger(hold("x", null)))).to.equal("stays: it is held: an audit");
    expect(verdictOn(old("x"), ledger(hold("x", daysAgo(1).toISOString())))).to.match(/^goes/);
    expect(verdictOn(old("y"), ledger(hold("x", null)))).to.match(/^goes/);
    const over: Told = ["6", 100, { type: "hold-released", sha: "x", because: "done", who: "somebody" }];
    expect(verdictOn(old("x"), ledger(hold("x", null), over))).to.match(/^goes/);
    expect(verdictOn(old("y"), ledger(hold(null, null)))).to.equal(
      "stays: the environment is held: an audit",
    );
  });

  for (const [what, since, entries] of [
    ["came", daysAgo(90), []],
    [
      "was last promoted",
      daysAgo(400),
      ledger(promoted("0", 90, "a"), ...[1, 2].map((n) => promoted(`${n}`, 80, `${n}`))),
    ],
    ["was last tried", daysAgo(400), ledger(started("0", 91, "a"), ended("0", 90, "rolled-back", "a", null))],
  ] as const)
    it(`is nothing before its days are over since it ${what}`, () => {
      const release = { sha: "a", since, serves: false };
      expect(verdictOn(release, [...entries])).to.match(/^goes: .*90 days/);
      const [earlier] = verdicts([release], [...entries], new Date(NOW.getTime() - 1), CONFIG);
      expect(earlier).to.deep.equal({
        sha: "a",
        keep: true,
        because: "it came, or was last promoted, 89 days ago, and stays for 90",
      });
    });

  it("does not hang on when a release was removed before: what is left of it goes", () => {
    const removal: Told = [
      "gc",
      10,
      { type: "removal-intended", shas: ["a"], versions: [], who: "somebody" },
    ];
    expect(verdictOn(old("a"), [...SINCE, ...ledger(removal)])).to.equal(
      "goes: it does not run here, and was left alone for 300 days",
    );
  });
});
