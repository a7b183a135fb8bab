import { expect } from "chai";
import fc from "fast-check";
import { promotion, requestedRollback } from "../../../orchestrator/promotion/course.ts";
import {
  BEGINNING,
  type Happened,
  next,
  type Plot,
  type State,
} from "../../../orchestrator/promotion/machine.ts";

const reason = { code: "some-code", message: "it is bad", remedy: "mend it" };
const another = { code: "stuck", message: "no way back", remedy: "ask somebody" };

const passed: Happened = { type: "passed" };
const failed: Happened = { type: "failed", reason };
const stopped: Happened = { type: "stopped", reason };
const recorded: Happened = { type: "recorded" };

const wayBack = { name: "way-back" };
const plot = (...meanings: ("refuse" | "take-back" | "ask")[]): Plot => ({
  steps: meanings.map((onFailure, index) => ({ name: `step ${index}`, onFailure })),
  takeBack: wayBack,
});
const play = (plotted: Plot, ...events: Happened[]): State =>
  events.reduce((state, event) => next(plotted, state, event), BEGINNING);

describe("the machine of a promotion", () => {
  it("goes from step to step, and closes as promoted after the last", () => {
    const two = plot("refuse", "ask");
    expect(play(two, passed)).to.deep.equal({ at: "step", index: 1, changing: false });
    expect(play(two, passed, passed)).to.deep.equal({
      at: "closing",
      end: { outcome: "promoted", reason: null },
    });
  });

  it("knows from the first such step on that something may have changed", () => {
    expect(play(plot("take-back", "refuse"), passed)).to.deep.equal({ at: "step", index: 1, changing: true });
  });

  it("closes as unchanged, without a reason", () => {
    const end = { outcome: "unchanged", reason: null };
    expect(play(plot("refuse", "ask"), { type: "unchanged" })).to.deep.equal({ at: "closing", end });
  });

  const refused = { at: "closing", end: { outcome: "refused", reason } };
  const asked = { at: "closing", end: { outcome: "needs-human", reason } };
  const back = (index: number) => ({ at: "way-back", failed: `step ${index}`, reason });
  const cases: [tells: string, plotted: Plot, events: Happened[], state: object][] = [
    ["refuses when nothing can have changed", plot("refuse"), [failed], refused],
    ["goes back when the step may have changed something", plot("take-back"), [failed], back(0)],
    ["goes back when an earlier step may have", plot("take-back", "refuse"), [passed, failed], back(1)],
    ["asks when only a person can judge", plot("take-back", "ask"), [passed, failed], asked],
    ["asks where there is no way back", { steps: plot("take-back").steps }, [failed], asked],
    ["refuses when it is stopped before the first change", plot("take-back"), [stopped], refused],
    [
      "goes back when it is stopped after a change",
      plot("take-back", "take-back"),
      [passed, stopped],
      back(1),
    ],
  ];
  for (const [tells, plotted, events, state] of cases)
    it(tells, () => expect(play(plotted, ...events)).to.deep.equal(state));

  it("is rolled back for the reason of the step that failed", () => {
    const end = { outcome: "rolled-back", reason };
    expect(play(plot("take-back"), failed, passed)).to.deep.equal({ at: "closing", end });
  });

  it("asks with both reasons when the way back fails", () => {
    const state = play(plot("take-back"), failed, { type: "failed", reason: another });
    const both = { ...another, message: "it is bad; then no way back" };
    expect(state).to.deep.equal({ at: "closing", end: { outcome: "needs-human", reason: both } });
  });

  const unrecorded: Happened = { type: "unrecorded", reason: another };
  it("does not call done what could not be recorded", () => {
    const ends = [passed, { type: "unchanged" } as const].map((event) =>
      play(plot("refuse"), event, unrecorded),
    );
    for (const state of ends)
      expect(state).to.deep.equal({ at: "ended", end: { outcome: "needs-human", reason: another } });
    const back = play(plot("take-back"), failed, passed, unrecorded);
    expect(back).to.deep.equal({ at: "ended", end: { outcome: "needs-human", reason: another } });
  });

  it("keeps a refusal and a call for a person whether they were recorded or not", () => {
    for (const event of [recorded, unrecorded]) {
      expect(play(plot("refuse"), failed, event)).to.deep.equal({ ...refused, at: "ended" });
      expect(play(plot("ask"), failed, event)).to.deep.equal({ ...asked, at: "ended" });
    }
  });
});

const MEANING = fc.constantFrom("refuse" as const, "take-back" as const, "ask" as const);
const PLOT: fc.Arbitrary<Plot> = fc
  .tuple(fc.array(MEANING, { minLength: 1, maxLength: 12 }), fc.boolean())
  .map(([meanings, returns]) => (returns ? plot(...meanings) : { steps: plot(...meanings).steps }));

/** One choice a turn: mostly the first, that all goes well, so that long courses are walked to their end as well. */
const CHOICES = fc.array(
  fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(3) }),
  { minLength: 16, maxLength: 16 },
);

/** What can happen in a state, as the loop tells it. */
function possible(plotted: Plot, state: State): Happened["type"][] {
  if (state.at === "way-back") return ["passed", "failed"];
  if (state.at === "closing") return ["recorded", "unrecorded"];
  if (state.at === "ended") return [];
  const asks = plotted.steps[state.index]?.onFailure === "ask";
  return asks ? ["passed", "unchanged", "failed"] : ["passed", "unchanged", "failed", "stopped"];
}

const happening = (type: Happened["type"]): Happened => ({ type, reason }) as Happened;

type Played = { state: State; history: { state: State; happened: Happened }[] };

/** Plays a plot with a choice at every turn, until it ends. */
function playOut(plotted: Plot, choices: number[]): Played {
  let state = BEGINNING;
  const history: Played["history"] = [];
  for (let turn = 0; state.at !== "ended"; turn++) {
    const types = possible(plotted, state);
    const happened = happening(types[(choices[turn] ?? 0) % types.length] as Happened["type"]);
    history.push({ state, happened });
    state = next(plotted, state, happened);
  }
  return { state, history };
}

describe("the machine, whatever happens", () => {
  const always = (property: (plotted: Plot, played: Played) => void) =>
    fc.assert(
      fc.property(PLOT, CHOICES, (plotted, choices) => void property(plotted, playOut(plotted, choices))),
      { numRuns: 2_000 },
    );
  const outcome = ({ state }: Played) => state.at === "ended" && state.end.outcome;
  const changed = (plotted: Plot, { history }: Played) =>
    history.some(
      ({ state, happened }) =>
        state.at === "step" &&
        happened.type !== "stopped" &&
        plotted.steps[state.index]?.onFailure === "take-back",
    );

  it("ends, after each step at most once, the way back and the record", () =>
    always((plotted, { history }) => expect(history.length).to.be.at.most(plotted.steps.length + 2)));

  it("runs the steps in order, none left out and none twice", () =>
    always((_, { history }) => {
      const indexes = history.flatMap(({ state }) => (state.at === "step" ? [state.index] : []));
      expect(indexes).to.deep.equal(indexes.map((_, index) => index));
    }));

  it("says promoted only if every step passed and the end was recorded", () =>
    always((plotted, played) => {
      const good = played.history.filter(({ happened }) => happened.type === "passed").length;
      const last = played.history.at(-1)?.happened.type;
      const whole =
        good === plotted.steps.length && last === "recorded" && played.history.length === good + 1;
      expect(outcome(played) === "promoted").to.equal(whole);
    }));

  it("says refused only if nothing that changes the environment was begun", () =>
    always((plotted, played) => {
      if (outcome(played) === "refused") expect(changed(plotted, played)).to.equal(false);
    }));

  it("says rolled-back only if the way back passed and that was recorded", () =>
    always((_, played) => {
      const way = played.history.find(({ state }) => state.at === "way-back")?.happened.type;
      const last = played.history.at(-1)?.happened.type;
      expect(outcome(played) === "rolled-back").to.equal(way === "passed" && last === "recorded");
    }));

  it("does not stop being ended", () =>
    always((plotted, { state }) => {
      for (const type of ["passed", "failed", "stopped", "recorded", "unrecorded", "unchanged"] as const)
        expect(() => next(plotted, state, happening(type))).to.throw("cannot have");
    }));

  it("takes nothing that cannot happen where it is", () =>
    always((plotted, { history }) => {
      for (const { state } of history) {
        const types = possible(plotted, state);
        const others = (["recorded", "unrecorded", "unchanged"] as const).filter(
          (type) => !types.includes(type),
        );
        for (const type of others)
          expect(() => next(plotted, state, happening(type))).to.throw(
            `a promotion that is at "${state.at}" cannot have "${type}" happen to it`,
          );
      }
    }));

  it("can end in each of the five ways on the course of a promotion, and in no sixth", () => {
    const seen = new Set<unknown>();
    fc.assert(
      fc.property(CHOICES, (choices) => {
        seen.add(outcome(playOut(promotion, choices)));
      }),
      { numRuns: 5_000 },
    );
    expect([...seen].sort()).to.deep.equal([
      "needs-human",
      "promoted",
      "refused",
      "rolled-back",
      "unchanged",
    ]);
  });

  it("never takes a requested rollback back", () => {
    fc.assert(
      fc.property(CHOICES, (choices) => {
        const { history } = playOut(requestedRollback, choices);
        expect(history.some(({ state }) => state.at === "way-back")).to.equal(false);
      }),
    );
  });
});
