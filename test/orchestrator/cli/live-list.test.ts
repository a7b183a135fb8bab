import { setTimeout as delay } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import pc from "picocolors";
import { liveList } from "../../../orchestrator/cli/live-list.ts";
import { canBeDrawnOver } from "../../../orchestrator/cli/output.ts";
import type { Progress } from "../../../orchestrator/promotion/progress.ts";
import { type FakeScreen, fakeScreen } from "../../fakes/screen.ts";

const SHA = "b".repeat(40);
const STEPS = ["lease", "shift", "watch"];
const STARTED: Progress = {
  type: "started",
  promotionId: "p",
  environment: "trial",
  sha: SHA,
  steps: STEPS,
};
const TRAFFIC: Progress = {
  type: "traffic",
  traffic: [
    { function: "dashboard", version: "2", sha: "a".repeat(40), weight: 0.9 },
    { function: "dashboard", version: "3", sha: SHA, weight: 0.1 },
  ],
};
const LOOK: Progress = {
  type: "look",
  step: "shift",
  time: { forMs: 30_000, leftMs: 15_000 },
  alarms: { ok: 7, firing: ["trial-errors"], noData: [] },
  asked: { dashboard: { answers: 4, bad: 1, weight: 1.6 }, users: { answers: 4, bad: 0, weight: -0.2 } },
  evidence: { says: "undecided", weight: 1.6, of: "dashboard" },
  lacks: null,
};
const ended = (step: string, outcome: "passed" | "failed" = "passed", text = "well"): Progress => ({
  type: "step-finished",
  step,
  outcome,
  ms: 1_200,
  text,
});

/** The list draws ten times a second. */
const drawn = () => delay(250);

describe("the live list", () => {
  let screen: FakeScreen;

  async function played(size: { columns: number; rows: number }, story: Progress[]) {
    screen = fakeScreen(size);
    const tell = liveList(screen, pc.createColors(false));
    for (const progress of story) {
      tell(progress);
      await delay(5);
    }
    await drawn();
    return { tell, text: screen.seen().map(stripVTControlCharacters) };
  }

  const UNTIL_SHIFT: Progress[] = [
    STARTED,
    { type: "step-started", step: "lease" },
    ended("lease"),
    { type: "step-started", step: "shift" },
    TRAFFIC,
    LOOK,
  ];

  for (const columns of [40, 80, 200])
    it(`shows traffic, time, alarms, probes and evidence below the step that runs, in ${columns} columns`, async () => {
      const { text, tell } = await played({ columns, rows: 30 }, UNTIL_SHIFT);
      const all = text.join("\n");
      expect(all).to.match(/lease {2}1\.2 s {2}well/);
      expect(all).to.match(/dashboard █+░+ 10 %( on)? v3, 90 %( on)? v2/);
      expect(all).to.contain("15.0 s to go");
      expect(all).to.contain("alarms 7 OK, 1 firing");
      expect(all).to.contain("probes new 3 good 1 bad");
      expect(all).to.contain("undecided: harm is 5.0 times");
      expect(all.indexOf("shift")).to.be.lessThan(all.indexOf("to go"));
      expect(all.indexOf("to go")).to.be.lessThan(all.indexOf("watch"));
      for (const line of text) expect(line.length, line).to.be.at.most(columns);
      tell({
        type: "ended",
        outcome: "promoted",
        reason: null,
        sha: "0123456789012345678901234567890123456789",
      });
      await drawn();
    });

  it("is followed when the window gets narrower", async () => {
    const { tell } = await played({ columns: 120, rows: 30 }, UNTIL_SHIFT);
    screen.columns = 40;
    tell(LOOK);
    await drawn();
    for (const line of screen.seen().map(stripVTControlCharacters))
      expect(line.length, line).to.be.at.most(40);
    tell({
      type: "ended",
      outcome: "promoted",
      reason: null,
      sha: "0123456789012345678901234567890123456789",
    });
    await drawn();
  });

  it("keeps the steps with their ends when it is over, adds the way back, and gives the cursor back", async () => {
    const { text } = await played({ columns: 80, rows: 30 }, [
      ...UNTIL_SHIFT,
      ended("shift", "failed", "the release went bad"),
      { type: "step-started", step: "rollback" },
      { ...TRAFFIC, traffic: [{ function: "dashboard", version: "2", sha: "a".repeat(40), weight: 1 }] },
      ended("rollback", "passed", "traffic back"),
      {
        type: "ended",
        outcome: "rolled-back",
        reason: null,
        sha: "0123456789012345678901234567890123456789",
      },
    ]);
    const all = text.join("\n");
    expect(all).to.match(/✖ shift {2}1\.2 s {2}the release went bad/);
    expect(all).to.match(/✔ rollback {2}1\.2 s {2}traffic back/);
    expect(all).not.to.contain("✔ watch");
    expect(screen.written().lastIndexOf("\x1b[?25h")).to.be.greaterThan(
      screen.written().lastIndexOf("\x1b[?25l"),
    );
  });

  it("shows a step that no course named, and passes over what it does not know", async () => {
    const { text } = await played({ columns: 80, rows: 30 }, [
      { ...STARTED, steps: ["lease"] },
      { type: "of a newer version" } as unknown as Progress,
      { type: "step-started", step: "lease" },
      ended("lease"),
      { type: "step-started", step: "drill" },
      { type: "note", step: "drill", text: "there and back" },
      ended("drill", "passed", "drilled"),
      { type: "ended", outcome: "promoted", reason: null, sha: "0123456789012345678901234567890123456789" },
    ]);
    expect(text.join("\n")).to.match(/✔ drill {2}1\.2 s {2}drilled/);
  });

  it("bears a terminal that goes away while it draws", async () => {
    const { tell } = await played({ columns: 80, rows: 30 }, UNTIL_SHIFT);
    screen.breaks();
    tell(LOOK);
    await drawn();
    tell(ended("shift"));
    tell({
      type: "ended",
      outcome: "promoted",
      reason: null,
      sha: "0123456789012345678901234567890123456789",
    });
    await drawn();
  });
});

describe("a live list is for", () => {
  const terminal = { isTTY: true, columns: 80, rows: 24, write: () => true };
  const cases: [what: string, output: object, env: NodeJS.ProcessEnv, drawnOver: boolean][] = [
    ["a terminal", {}, { TERM: "xterm" }, true],
    ["a terminal without colours", {}, { NO_COLOR: "1" }, true],
    ["a small terminal", { columns: 40, rows: 10 }, {}, true],
    ["no terminal without a size", { columns: 0, rows: 0 }, {}, false],
    ["no terminal too narrow for a word", { columns: 10 }, {}, false],
    ["no terminal that only prints", {}, { TERM: "dumb" }, false],
    ["no pipe", { isTTY: undefined, columns: undefined, rows: undefined }, {}, false],
    ["no CI, which may pretend to be a terminal", {}, { CI: "true" }, false],
  ];
  for (const [what, output, env, expected] of cases)
    it(what, () => expect(canBeDrawnOver({ ...terminal, ...output }, env)).to.equal(expected));
});
